using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Customers;

/// <summary>What the workspace knows about the head of a customer's queue; no payload.</summary>
[GenerateSerializer, Immutable, Alias("cio.HeadState")]
public readonly record struct HeadState
{
    /// <summary>The queue is empty.</summary>
    public static HeadState Empty => default;

    /// <summary>Whether the queue has a call.</summary>
    [Id(0)]
    public bool HasCall { get; init; }

    [Id(1)]
    public LimitClass LimitClass { get; init; }

    [Id(2)]
    public CallPriority Priority { get; init; }

    /// <summary>Attempts already counted against the head.</summary>
    [Id(3)]
    public int Attempts { get; init; }

    /// <summary>The end of the head's back-off; null if it has none.</summary>
    [Id(4)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The length of the head's body in bytes, for filling batches; 0 if it is not known.</summary>
    [Id(5)]
    public int Bytes { get; init; }

    /// <summary>Whether a dead letter holds the queue: nothing is sent until it is replayed or discarded. The queue may have no call then.</summary>
    [Id(6)]
    public bool IsHeld { get; init; }

    /// <summary>The state of a head.</summary>
    public static HeadState Of(
        LimitClass limitClass, CallPriority priority = CallPriority.Live, int attempts = 0, DateTimeOffset? notBefore = null, int bytes = 0) =>
        new() { HasCall = true, LimitClass = limitClass, Priority = priority, Attempts = attempts, NotBefore = notBefore, Bytes = bytes };
}
