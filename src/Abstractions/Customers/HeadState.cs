using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Customers;

/// <summary>What the workspace has to know of the call at the head of a customer's queue: never its payload.</summary>
[GenerateSerializer, Immutable, Alias("cio.HeadState")]
public readonly record struct HeadState
{
    /// <summary>Nothing waits.</summary>
    public static HeadState Empty => default;

    /// <summary>True when a call waits.</summary>
    [Id(0)]
    public bool HasCall { get; init; }

    [Id(1)]
    public LimitClass LimitClass { get; init; }

    [Id(2)]
    public CallPriority Priority { get; init; }

    /// <summary>Attempts already counted against the head.</summary>
    [Id(3)]
    public int Attempts { get; init; }

    /// <summary>Not to be tried again before this moment; null when it may go at once.</summary>
    [Id(4)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The length of its body, by which batches are filled; 0 when it is not known.</summary>
    [Id(5)]
    public int Bytes { get; init; }

    /// <summary>A head that may go at once.</summary>
    public static HeadState Of(
        LimitClass limitClass, CallPriority priority = CallPriority.Live, int attempts = 0, DateTimeOffset? notBefore = null, int bytes = 0) =>
        new() { HasCall = true, LimitClass = limitClass, Priority = priority, Attempts = attempts, NotBefore = notBefore, Bytes = bytes };
}
