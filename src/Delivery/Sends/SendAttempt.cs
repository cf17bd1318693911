using CioOrleans.Limits;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Delivery.Sends;

/// <summary>The result of one attempt to send a message.</summary>
public abstract record SendAttempt
{
    private SendAttempt()
    {
    }

    /// <summary>Customer.io's answer.</summary>
    public sealed record Response(int Status, RateLimitSignal Signal, IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[] Body) : SendAttempt;

    /// <summary>The request cannot be written. Nothing was sent, and a repeat would fail too.</summary>
    public sealed record Unsendable(string Reason) : SendAttempt;

    /// <summary>No answer. If <paramref name="WasWritten"/> is false, nothing was sent.</summary>
    /// <param name="WasWritten">Whether the request may have been sent.</param>
    /// <param name="TimedOut">True if no answer came in time; false if the connection was not made or broke.</param>
    /// <param name="Reason">A sentence, for the caller and the log.</param>
    public sealed record NoResponse(bool WasWritten, bool TimedOut, string Reason) : SendAttempt;
}

/// <summary>A message or a broadcast as it is sent to Customer.io.</summary>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="LimitClass">The limit class of the permit that it needs.</param>
/// <param name="Headers">The headers that are sent to Customer.io.</param>
/// <param name="Body">The decoded body.</param>
public sealed record SendRequest(string Target, LimitClass LimitClass, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body);
