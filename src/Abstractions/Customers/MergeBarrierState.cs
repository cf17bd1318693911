namespace CioOrleans.Customers;

/// <summary>The place of a merge's barrier in the secondary's queue.</summary>
public enum MergeBarrierState : byte
{
    /// <summary>Calls accepted before the merge are still ahead of the barrier.</summary>
    Waiting = 0,

    /// <summary>The barrier is the head.</summary>
    Reached = 1,

    /// <summary>There is no barrier: it was never stored (the merge was never acknowledged), or it has been released.</summary>
    Absent = 2,
}
