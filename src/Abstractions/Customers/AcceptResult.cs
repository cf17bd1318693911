namespace CioOrleans.Customers;

/// <summary>What became of a call that was offered for delivery.</summary>
[GenerateSerializer, Immutable, Alias("cio.AcceptResult")]
public abstract record AcceptResult
{
    private AcceptResult()
    {
    }

    /// <summary>Whether the call, or the earlier one that it repeats, is on stable storage: what callers take for a success.</summary>
    public bool IsAccepted => this is Accepted or Duplicate;

    /// <summary>The call is on stable storage and will be delivered or stand as a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Accepted")]
    public sealed record Accepted : AcceptResult
    {
        public static Accepted Instance { get; } = new();
    }

    /// <summary>The call repeats an earlier one that is on stable storage, or was delivered; nothing was added to the queue.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Duplicate")]
    public sealed record Duplicate : AcceptResult
    {
        public static Duplicate Instance { get; } = new();
    }

    /// <summary>The call is not known to be stored; the caller should try again.</summary>
    /// <param name="Reason">For the caller, without payload.</param>
    /// <param name="RetryAfter">When a repeat may succeed; more than zero.</param>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.NotAccepted")]
    public abstract record NotAccepted([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : AcceptResult
    {
        /// <summary>It was turned away because too much waits, and not because storage failed: a caller over HTTP gets 429 in place of 503.</summary>
        [Id(2)]
        public bool IsOverload { get; init; }

        /// <summary>The dispatcher's disk is full: no call is taken until some have been delivered, or there is room.</summary>
        [Id(3)]
        public bool IsDiskFull { get; init; }
    }

    /// <summary>Nothing was stored, and nothing will be.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Unavailable")]
    public sealed record Unavailable(string Reason, TimeSpan RetryAfter) : NotAccepted(Reason, RetryAfter);

    /// <summary>The deadline may have passed when the grain looked at the call: nothing was stored, and nothing will be.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Expired")]
    public sealed record Expired() : NotAccepted("The call waited too long before it could be stored. Try again.", TimeSpan.FromSeconds(1))
    {
        public static Expired Instance { get; } = new();
    }

    /// <summary>
    /// The call may have been stored, and will be delivered then. Its deadline has passed: it will not be stored later than now. What is repeated harmlessly may be repeated.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Uncertain")]
    public sealed record Uncertain(string Reason, TimeSpan RetryAfter) : NotAccepted(Reason, RetryAfter);
}
