namespace CioOrleans.Customers;

/// <summary>Where a merge's barrier stands in the secondary's queue.</summary>
public enum MergeBarrierState : byte
{
    /// <summary>Calls accepted before the merge still wait ahead of it.</summary>
    Waiting = 0,

    /// <summary>The queue has come to the barrier.</summary>
    Reached = 1,

    /// <summary>There is none: it was never stored (the merge was never acknowledged) or is already released.</summary>
    Absent = 2,
}
