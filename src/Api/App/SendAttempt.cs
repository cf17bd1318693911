using CioOrleans.Limits;

namespace CioOrleans.Api.App;

/// <summary>What one attempt to send a message came to.</summary>
internal abstract record SendAttempt
{
    private SendAttempt()
    {
    }

    /// <summary>Customer.io's answer.</summary>
    public sealed record Response(int Status, RateLimitSignal Signal, IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[] Body) : SendAttempt;

    /// <summary>The request cannot be written: nothing was sent, and a repeat would end alike.</summary>
    public sealed record Unsendable(string Reason) : SendAttempt;

    /// <summary>No answer; where <paramref name="WasWritten"/> is false, nothing has left.</summary>
    /// <param name="WasWritten">Whether the request may have left.</param>
    /// <param name="TimedOut">No answer came in time, as opposed to a broken connection.</param>
    /// <param name="Reason">For people.</param>
    public sealed record NoResponse(bool WasWritten, bool TimedOut, string Reason) : SendAttempt;
}
