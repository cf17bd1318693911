using CioOrleans.Delivery;

namespace CioOrleans.Api.App;

/// <summary>The result of a forwarded send.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Customer.io's own answer.</summary>
    public sealed record Answered(AttemptResult.Response Response) : SendOutcome;

    /// <summary>Unknown outcome: the message may have been sent.</summary>
    /// <param name="Status">The status that a proxy would answer: Customer.io's own 5xx, 502 or 504.</param>
    /// <param name="Reason">A sentence, for the caller.</param>
    /// <param name="Response">Customer.io's answer; null if there was none.</param>
    public sealed record Unknown(int Status, string Reason, AttemptResult.Response? Response) : SendOutcome;

    /// <summary>Not sent: the request itself cannot be written.</summary>
    public sealed record Unsendable(string Reason) : SendOutcome;

    /// <summary>Not sent: no permit was granted in time, or earlier calls of the customer were not delivered in time.</summary>
    public sealed record NoRoom(string Reason, TimeSpan RetryAfter) : SendOutcome;

    /// <summary>Not sent: Customer.io could not be reached.</summary>
    public sealed record Unreachable : SendOutcome
    {
        public static Unreachable Instance { get; } = new();
    }

    /// <summary>Not sent: a grain of the dispatcher did not answer.</summary>
    public sealed record Unavailable : SendOutcome
    {
        public static Unavailable Instance { get; } = new();
    }
}
