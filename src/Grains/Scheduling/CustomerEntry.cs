using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>One customer that has work. There may be a hundred thousand of them: nothing here that is not needed.</summary>
internal sealed class CustomerEntry(string customer)
{
    public string Customer { get; } = customer;

    /// <summary>The one behind it in a <see cref="ReadyList"/>.</summary>
    public CustomerEntry? Behind { get; set; }

    /// <summary>The one before it in a <see cref="ReadyList"/>.</summary>
    public CustomerEntry? Before { get; set; }

    /// <summary>In flight: when its permit was granted. Ready: since when. Waiting or parked: when that ends.</summary>
    public TimeSpan Moment { get; set; }

    /// <summary>When the head last failed; null when it has not, as far as is known.</summary>
    public TimeSpan? FailedAt { get; set; }

    /// <summary>The activation that reported last; empty where none has, or what became of its report is unknown.</summary>
    public Guid Activation { get; set; }

    public CustomerState State { get; set; }

    public LimitClass Class { get; set; }

    public CallPriority Priority { get; set; }

    /// <summary>Whether the head may leave in a request with others.</summary>
    public bool HasCompany { get; set; }

    /// <summary>What the head takes in such a request; an assumption where its length is not known.</summary>
    public int Bytes { get; set; }

    public bool IsProbe { get; set; }

    /// <summary>Failures of the head that were not its own, in a row; they are not counted against it, yet they lengthen the pause before the next attempt.</summary>
    public byte Blameless { get; set; }

    /// <summary>
    /// Work was announced while the customer was in flight, and of what class. The announcement may have overtaken an outcome that
    /// says "empty" and was true when it was written: then it is the only trace of that work.
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
