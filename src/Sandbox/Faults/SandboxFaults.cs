using System.Globalization;

namespace CioOrleans.Sandbox.Faults;

/// <summary>
/// The faults of requests. A share is a part of all requests, from 0 to 1; the shares, except <see cref="FailedItems"/>, must not add up to more than 1.
/// An unprocessed request has no effect and does not appear in the order report. "After processing" means that the call took effect and its answer was
/// lost.
/// </summary>
public sealed record SandboxFaults
{
    private const string DatePrefix = "date+";

    /// <summary>No faults.</summary>
    public static SandboxFaults None { get; } = new();

    /// <summary>The share that is answered 500, unprocessed (default: 0).</summary>
    public double ServerError { get; init; }

    /// <summary>The share that is processed and then answered 500 (default: 0).</summary>
    public double ServerErrorAfterProcessing { get; init; }

    /// <summary>The share that is answered 503, unprocessed (default: 0).</summary>
    public double Unavailable { get; init; }

    /// <summary>The share that is answered 429, unprocessed, although it is within the limit (default: 0).</summary>
    public double Throttled { get; init; }

    /// <summary>The share that is never answered, unprocessed: the request hangs until the client closes the connection (default: 0).</summary>
    public double TimeOut { get; init; }

    /// <summary>The share that is processed and never answered (default: 0).</summary>
    public double TimeOutAfterProcessing { get; init; }

    /// <summary>The share whose connection is reset, unprocessed (default: 0).</summary>
    public double Reset { get; init; }

    /// <summary>The share that is processed and whose connection is then reset (default: 0).</summary>
    public double ResetAfterProcessing { get; init; }

    /// <summary>
    /// The share whose connection is closed orderly instead of an answer, unprocessed, like a keep-alive time-out that crosses a request (default: 0). An
    /// HTTP client may then repeat a request without a body by itself.
    /// </summary>
    public double Close { get; init; }

    /// <summary>
    /// The endpoint classes that fail, by their names, with commas: <c>query,broadcast</c> (default: all). It applies to the shares of
    /// requests and to <see cref="Outage"/>.
    /// </summary>
    public string? Classes { get; init; }

    /// <summary>
    /// The <c>Retry-After</c> of <see cref="Throttled"/> and <see cref="Unavailable"/> answers, as it is sent, or <c>date+N</c> for the HTTP date of N
    /// seconds from the answer (default: none, so that a 429 has no header that says when to come again).
    /// </summary>
    public string? RetryAfter { get; init; }

    /// <summary>The <c>X-RateLimit-Remaining</c> of <see cref="Throttled"/> answers (default: none).</summary>
    public string? RateLimitRemaining { get; init; }

    /// <summary>The <c>X-RateLimit-Reset</c> of <see cref="Throttled"/> answers (default: none).</summary>
    public string? RateLimitReset { get; init; }

    /// <summary>Every request that needs credentials is answered 401 (default: false).</summary>
    public bool Unauthorized { get; init; }

    /// <summary>Lets every request fail in the same way, unprocessed (default: none). It replaces all shares of requests.</summary>
    public Outage Outage { get; init; }

    /// <summary>The share of the valid operations of v2 requests that are refused (default: 0).</summary>
    public double FailedItems { get; init; }

    /// <summary>
    /// A text in bodies of Track v1 requests. A body that contains it is answered 400, unprocessed, the first time, and is processed when the same body
    /// comes again (default: none).
    /// </summary>
    public string? RefuseFirst { get; init; }

    /// <summary>What is wrong with the shares; null if they are valid.</summary>
    public string? Error()
    {
        double[] fates =
        [
            ServerError, ServerErrorAfterProcessing, Unavailable, Throttled, TimeOut, TimeOutAfterProcessing, Reset, ResetAfterProcessing, Close,
        ];
        return !RetryAfterIsValid ? "RetryAfter must be a header's value, or date+N with N seconds"
            : UnknownClass is { } unknown ? $"Classes: '{unknown}' is no endpoint class"
            : !fates.Append(FailedItems).All(s => s is >= 0 and <= 1) ? "every share must lie between 0 and 1"
            : fates.Sum() > 1 + 1e-9 ? "the shares must not add up to more than 1"
            : null;
    }

    /// <summary>How far ahead the date of <see cref="RetryAfter"/> is; null if it is sent as it is.</summary>
    internal TimeSpan? RetryAfterDate => IsDate && int.TryParse(RetryAfter.AsSpan(DatePrefix.Length), CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private bool IsDate => RetryAfter?.StartsWith(DatePrefix, StringComparison.Ordinal) == true;

    private bool RetryAfterIsValid => !IsDate || RetryAfterDate is not null;

    private string[] Names => (Classes ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string? UnknownClass => Names.FirstOrDefault(name => !EndpointClassNames.TryParse(name, out _));

    /// <summary>The fault of a request. <paramref name="draw"/> is a uniform random number from 0 to 1.</summary>
    internal FaultKind Fate(double draw, EndpointClass endpointClass = EndpointClass.Track)
    {
        if (Classes is not null && !Names.Contains(endpointClass.ToName(), StringComparer.OrdinalIgnoreCase))
        {
            return FaultKind.None;
        }

        if (Outage != Outage.None)
        {
            return Outage switch
            {
                Outage.TimeOut => FaultKind.TimeOut,
                Outage.Reset => FaultKind.Reset,
                Outage.Close => FaultKind.Close,
                _ => FaultKind.ServerError,
            };
        }

        return (draw -= ServerError) < 0 ? FaultKind.ServerError
            : (draw -= ServerErrorAfterProcessing) < 0 ? FaultKind.ServerErrorAfterProcessing
            : (draw -= Unavailable) < 0 ? FaultKind.Unavailable
            : (draw -= Throttled) < 0 ? FaultKind.Throttled
            : (draw -= TimeOut) < 0 ? FaultKind.TimeOut
            : (draw -= TimeOutAfterProcessing) < 0 ? FaultKind.TimeOutAfterProcessing
            : (draw -= Reset) < 0 ? FaultKind.Reset
            : (draw -= ResetAfterProcessing) < 0 ? FaultKind.ResetAfterProcessing
            : draw - Close < 0 ? FaultKind.Close
            : FaultKind.None;
    }
}
