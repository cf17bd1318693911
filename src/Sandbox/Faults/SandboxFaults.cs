namespace CioOrleans.Sandbox.Faults;

/// <summary>
/// What goes wrong, as shares of all requests (0 to 1; those of the request's own fate add up to 1 at most). What happens before
/// processing leaves no trace in the order report; "after processing" is the call that took effect and whose answer was lost.
/// </summary>
public sealed record SandboxFaults
{
    /// <summary>Nothing goes wrong.</summary>
    public static SandboxFaults None { get; } = new();

    /// <summary>Share answered 500, unprocessed (default: 0).</summary>
    public double ServerError { get; init; }

    /// <summary>Share processed and yet answered 500 (default: 0).</summary>
    public double ServerErrorAfterProcessing { get; init; }

    /// <summary>Share answered 503, unprocessed (default: 0).</summary>
    public double Unavailable { get; init; }

    /// <summary>Share answered 429, unprocessed, though within the limit (default: 0).</summary>
    public double Throttled { get; init; }

    /// <summary>Share never answered, unprocessed: the request hangs until the client gives up (default: 0).</summary>
    public double TimeOut { get; init; }

    /// <summary>Share processed and never answered (default: 0).</summary>
    public double TimeOutAfterProcessing { get; init; }

    /// <summary>Share whose connection is reset, unprocessed (default: 0).</summary>
    public double Reset { get; init; }

    /// <summary>Share processed, then reset (default: 0).</summary>
    public double ResetAfterProcessing { get; init; }

    /// <summary>
    /// Share whose connection is closed in good order instead of an answer, unprocessed, as an idle time-out does that crosses a request
    /// (default: 0). An HTTP client may take that for leave to repeat a request without a body on its own.
    /// </summary>
    public double Close { get; init; }

    /// <summary>The <c>Retry-After</c> of <see cref="Throttled"/> and <see cref="Unavailable"/> answers, as it goes on the wire (default: none).</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The <c>X-RateLimit-Remaining</c> of <see cref="Throttled"/> answers (default: none).</summary>
    public string? RateLimitRemaining { get; init; }

    /// <summary>The <c>X-RateLimit-Reset</c> of <see cref="Throttled"/> answers (default: none).</summary>
    public string? RateLimitReset { get; init; }

    /// <summary>Every request that needs credentials is answered 401 (default: false).</summary>
    public bool Unauthorized { get; init; }

    /// <summary>Everything fails alike, unprocessed (default: none).</summary>
    public Outage Outage { get; init; }

    /// <summary>Share of the operations inside a v2 request that are refused (default: 0).</summary>
    public double FailedItems { get; init; }

    /// <summary>
    /// A Track v1 request whose body contains this text is answered 400, unprocessed, when such a body first comes, and is processed when it comes again (default: none).
    /// </summary>
    public string? RefuseFirst { get; init; }

    /// <summary>What is wrong with the shares; null when nothing is.</summary>
    public string? Error()
    {
        double[] fates =
        [
            ServerError, ServerErrorAfterProcessing, Unavailable, Throttled, TimeOut, TimeOutAfterProcessing, Reset, ResetAfterProcessing, Close,
        ];
        return !fates.Append(FailedItems).All(s => s is >= 0 and <= 1) ? "every share must lie between 0 and 1"
            : fates.Sum() > 1 + 1e-9 ? "the shares must not add up to more than 1"
            : null;
    }

    /// <summary>The fate of a request for which <paramref name="draw"/> was drawn evenly from 0 to 1.</summary>
    internal FaultKind Fate(double draw)
    {
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
