using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>A customer that has work. There may be a hundred thousand entries, so an entry holds only what is needed.</summary>
internal sealed class ScheduledCustomer(string customer)
{
    public string Customer { get; } = customer;

    /// <summary>The next entry in a <see cref="ReadyList"/>.</summary>
    public ScheduledCustomer? Behind { get; set; }

    /// <summary>The previous entry in a <see cref="ReadyList"/>.</summary>
    public ScheduledCustomer? Before { get; set; }

    /// <summary>In flight: when its permit was granted. Ready: when it became ready. Waiting or parked: when that ends.</summary>
    public TimeSpan Moment { get; set; }

    /// <summary>When the head last failed; null if no failure is known.</summary>
    public TimeSpan? FailedAt { get; set; }

    /// <summary>The activation that reported last; empty if there is none, or if the outcome is unknown.</summary>
    public Guid Activation { get; set; }

    public CustomerState State { get; set; }

    public LimitClass Class { get; set; }

    public CallPriority Priority { get; set; }

    /// <summary>Whether the head may leave in a batch.</summary>
    public bool CanBatch { get; set; }

    /// <summary>The length of the head in a batch, in bytes; an assumption if the length is not known.</summary>
    public int Bytes { get; set; }

    public bool IsProbe { get; set; }

    /// <summary>
    /// Failures of the head in a row that were not its own fault. They are not counted against it, but they lengthen the delay before the next attempt.
    /// </summary>
    public byte Blameless { get; set; }

    /// <summary>
    /// Whether a hint arrived while the customer was in flight. The hint may have overtaken an outcome that says "empty", which was true when it was written.
    /// Then this is the only trace of the new call. <see cref="DirtyClass"/> and <see cref="DirtyPriority"/> are the hint's.
    /// </summary>
    public bool IsDirty { get; set; }

    public LimitClass DirtyClass { get; set; }

    public CallPriority DirtyPriority { get; set; }

    public void MarkDirty(HeadState head)
    {
        IsDirty = true;
        DirtyClass = head.LimitClass;
        DirtyPriority = head.Priority;
    }
}

/// <summary>The state of a customer that has work. A customer without work has no entry.</summary>
internal enum CustomerState : byte
{
    /// <summary>The customer waits for a permit.</summary>
    Ready,

    /// <summary>The head is being sent.</summary>
    InFlight,

    /// <summary>The head is being stored as a dead letter.</summary>
    Settling,

    /// <summary>The head waits for a moment: the end of its back-off, or of a short rest after a failure on the dispatcher's side.</summary>
    Waiting,

    /// <summary>The head waits for the other person of a merge.</summary>
    Parked,

    /// <summary>A dead letter holds the queue. Only a report ends that.</summary>
    Held,
}
