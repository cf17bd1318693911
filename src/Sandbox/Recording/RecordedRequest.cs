namespace CioOrleans.Sandbox.Recording;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">The method.</param>
/// <param name="RawTarget">Path and query as they stood in the request line.</param>
/// <param name="Headers">The headers, in no particular order.</param>
/// <param name="Body">The body, byte for byte.</param>
/// <param name="Status">What it was answered; 0 when it was left without an answer.</param>
/// <param name="ArrivedAt">When it arrived (UTC).</param>
public sealed record RecordedRequest(
    string Method,
    string RawTarget,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    int Status,
    DateTimeOffset ArrivedAt);
