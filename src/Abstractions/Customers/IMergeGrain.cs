using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>
/// Accepts a workspace's merges one after the other (key: the workspace's name). A merge is in two queues. Because all queues of a workspace get merges in this
/// one order, two queues can never wait for each other in a circle.
/// </summary>
[Alias("cio.IMergeGrain")]
public interface IMergeGrain : IGrainWithStringKey
{
    /// <summary>Accepts a merge into the queue of <paramref name="primary"/>, and its barrier into the queue of <see cref="Call.OtherCustomer"/>.</summary>
    [Alias("Accept"), ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> Accept(string primary, Call merge, AcceptDeadline deadline);

    /// <summary>Puts a merge that is a dead letter at the end of the queue of <paramref name="primary"/>, with a new barrier.</summary>
    [Alias("Replay"), ResponseTimeout("00:00:05")]
    ValueTask<ReplayResult> Replay(string primary, Call merge, AcceptDeadline deadline);
}

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
