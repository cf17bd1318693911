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

    /// <summary>Customer.io took it.</summary>
    /// <param name="Status">Customer.io's status.</param>
    /// <param name="Body">Customer.io's answer.</param>
    /// <param name="At">When (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Sent")]
    public sealed record Sent([property: Id(0)] int Status, [property: Id(1)] string Body, [property: Id(2)] DateTimeOffset At) : SendState;

    /// <summary>It stands as a dead letter: refused, or nobody knows whether it went out.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="IsOutcomeUnknown">Whether it may have gone out.</param>
    /// <param name="At">When (UTC).</param>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Dead")]
    public sealed record Dead([property: Id(0)] string Reason, [property: Id(1)] bool IsOutcomeUnknown, [property: Id(2)] DateTimeOffset At) : SendState;

    /// <summary>There is none of that id, or none any more: its result was forgotten, or its dead letter discarded.</summary>
    [GenerateSerializer, Immutable, Alias("cio.SendState.Absent")]
    public sealed record Absent : SendState
    {
        public static Absent Instance { get; } = new();
    }
}
