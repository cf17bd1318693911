namespace CioOrleans.Bench.Load;

/// <summary>What a slice came to; one JSON line of the generator's output.</summary>
/// <param name="Endpoint">Which endpoint.</param>
/// <param name="Requests">Answered 200.</param>
/// <param name="Failures">Answered otherwise.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="P50">Of the round trip, in ms.</param>
/// <param name="P99">Likewise.</param>
/// <param name="Max">Likewise.</param>
internal sealed record SliceResult(string Endpoint, long Requests, long Failures, double Seconds, double P50, double P99, double Max)
{
    public double PerSecond => Requests / Seconds;
}
