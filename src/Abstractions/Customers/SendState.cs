namespace CioOrleans.Customers;

/// <summary>The state of a stored send.</summary>
[GenerateSerializer, Immutable, Alias("cio.SendState")]
public abstract record SendState
{
    private SendState()
    {
    }

    /// <summary>The send has not been sent yet.</summary>
    /// <param name="LastError">Why the last attempt failed; null before the first attempt.</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Waiting")]
    public sealed record Waiting([property: Id(0)] string? LastError) : SendState;

    /// <summary>Customer.io answered: it accepted the send, or refused it for good.</summary>
    /// <param name="Status">Customer.io's status.</param>
    /// <param name="Body">The body of Customer.io's answer.</param>
    /// <param name="At">The time of the answer (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Sent")]
    public sealed record Answered([property: Id(0)] int Status, [property: Id(1)] string Body, [property: Id(2)] DateTimeOffset At) : SendState
    {
        /// <summary>The content type of the answer; null if it had none.</summary>
        [Id(3)]
        public string? ContentType { get; init; }

        /// <summary>Whether Customer.io accepted the send.</summary>
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>The send is a dead letter without an answer of Customer.io: it could not be sent, or its outcome is unknown.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="IsOutcomeUnknown">Whether the message may have been sent.</param>
    /// <param name="At">When it became a dead letter (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Dead")]
    public sealed record Dead([property: Id(0)] string Reason, [property: Id(1)] bool IsOutcomeUnknown, [property: Id(2)] DateTimeOffset At) : SendState;

    /// <summary>An operator discarded the waiting send. It was never sent.</summary>
    /// <param name="At">When it was discarded (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Discarded")]
    public sealed record Discarded([property: Id(0)] DateTimeOffset At) : SendState;

    /// <summary>There is no send with this id, or no longer: its result was deleted, or its dead letter discarded.</summary>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Absent")]
    public sealed record Absent : SendState
    {
        public static Absent Instance { get; } = new();
    }
}
