namespace CioOrleans.Customers;

/// <summary>The result of an accept.</summary>
[GenerateSerializer, Immutable, Alias("cio.AcceptResult")]
public abstract record AcceptResult
{
    private AcceptResult()
    {
    }

    /// <summary>Whether the call, or the earlier call that it repeats, is on stable storage. Callers see this as success.</summary>
    public bool IsAccepted => this is Accepted or Duplicate;

    /// <summary>The call is on stable storage and will be delivered or become a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Accepted")]
    public sealed record Accepted : AcceptResult
    {
        public static Accepted Instance { get; } = new();
    }

    /// <summary>The call repeats an earlier call that is on stable storage or was delivered. Nothing was added to the queue.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Duplicate")]
    public sealed record Duplicate : AcceptResult
    {
        public static Duplicate Instance { get; } = new();
    }

    /// <summary>The call is not known to be stored. The caller should repeat it.</summary>
    /// <param name="Reason">For the caller, without payload.</param>
    /// <param name="RetryAfter">When a repeat may succeed; more than zero.</param>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.NotAccepted")]
    public abstract record NotAccepted([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : AcceptResult
    {
        /// <summary>The call was refused because too many calls wait, not because storage failed. An HTTP caller gets 429 instead of 503.</summary>
        [Id(2)]
        public bool IsOverload { get; init; }

        /// <summary>The dispatcher's disk is full. No call is accepted until calls have been delivered or disk space was freed.</summary>
        [Id(3)]
        public bool IsDiskFull { get; init; }
    }

    /// <summary>The call was not stored, and will not be.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Unavailable")]
    public sealed record Unavailable(string Reason, TimeSpan RetryAfter) : NotAccepted(Reason, RetryAfter);

    /// <summary>The deadline may have passed when the grain received the call. The call was not stored, and will not be.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Expired")]
    public sealed record Expired() : NotAccepted("The call waited too long before it could be stored. Try again.", TimeSpan.FromSeconds(1))
    {
        public static Expired Instance { get; } = new();
    }

    /// <summary>
    /// The call may have been stored, and then it will be delivered. Its deadline has passed, so it cannot be stored later. The caller may repeat a call whose
    /// repeat is harmless.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Uncertain")]
    public sealed record Uncertain(string Reason, TimeSpan RetryAfter) : NotAccepted(Reason, RetryAfter);
}
