namespace CioOrleans.Customers;

/// <summary>What became of a stored send.</summary>
[GenerateSerializer, Immutable, Alias("cio.SendState")]
public abstract record SendState
{
    private SendState()
    {
    }

    /// <summary>It has not gone out yet.</summary>
    /// <param name="LastError">Why it could not at its last attempt; null before there was one.</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Waiting")]
    public sealed record Waiting([property: Id(0)] string? LastError) : SendState;

    /// <summary>Customer.io answered: it took the send, or refused it for good.</summary>
    /// <param name="Status">Customer.io's status.</param>
    /// <param name="Body">Customer.io's answer.</param>
    /// <param name="At">When (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Sent")]
    public sealed record Answered([property: Id(0)] int Status, [property: Id(1)] string Body, [property: Id(2)] DateTimeOffset At) : SendState
    {
        /// <summary>The content type of the answer; null where it had none.</summary>
        [Id(3)]
        public string? ContentType { get; init; }

        /// <summary>Whether Customer.io took the send.</summary>
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>It stands as a dead letter without an answer of Customer.io: it could not be sent, or whether it was is unknown.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="IsOutcomeUnknown">Whether it may have gone out.</param>
    /// <param name="At">When (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Dead")]
    public sealed record Dead([property: Id(0)] string Reason, [property: Id(1)] bool IsOutcomeUnknown, [property: Id(2)] DateTimeOffset At) : SendState;

    /// <summary>An operator discarded it while it waited: it was never sent.</summary>
    /// <param name="At">When (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Discarded")]
    public sealed record Discarded([property: Id(0)] DateTimeOffset At) : SendState;

    /// <summary>There is none of that id, or none any more: its result was forgotten, or its dead letter discarded.</summary>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Absent")]
    public sealed record Absent : SendState
    {
        public static Absent Instance { get; } = new();
    }
}
