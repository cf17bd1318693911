namespace CioOrleans.Api.App;

/// <summary>What the caller of a send is told.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Customer.io's own answer.</summary>
    public sealed record Answered(SendAttempt.Response Response) : SendOutcome;

    /// <summary>Nobody knows whether the message went out.</summary>
    /// <param name="Status">As a proxy would answer it: Customer.io's own 5xx, 502 or 504.</param>
    /// <param name="Reason">For people.</param>
    /// <param name="Response">Customer.io's answer, where there was one.</param>
    public sealed record Unknown(int Status, string Reason, SendAttempt.Response? Response) : SendOutcome;

    /// <summary>Not sent: the request itself cannot be written.</summary>
    public sealed record Unsendable(string Reason) : SendOutcome;

    /// <summary>Not sent: no permit came in time, or others had to go first.</summary>
    public sealed record NoRoom(string Reason, TimeSpan RetryAfter) : SendOutcome;

    /// <summary>Not sent: Customer.io could not be reached.</summary>
    public sealed record Unreachable : SendOutcome
    {
        public static Unreachable Instance { get; } = new();
    }

    /// <summary>Not sent: the dispatcher itself could not do it.</summary>
    public sealed record Unavailable : SendOutcome
    {
        public static Unavailable Instance { get; } = new();
    }
}
