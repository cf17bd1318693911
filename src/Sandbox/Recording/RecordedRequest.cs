namespace CioOrleans.Sandbox.Recording;

/// <summary>A request as it was received.</summary>
/// <param name="Method">The method.</param>
/// <param name="RawTarget">Path and query as in the request line.</param>
/// <param name="Headers">The headers, in no particular order.</param>
/// <param name="Body">The body, byte for byte.</param>
/// <param name="Status">The status of its answer; 0 if it was not answered.</param>
/// <param name="ArrivedAt">When it arrived (UTC).</param>
public sealed record RecordedRequest(
    string Method,
    string RawTarget,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    int Status,
    DateTimeOffset ArrivedAt);
