using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>
/// Accepts a workspace's merges one after the other (key: the workspace's name). A merge stands in two queues; because all
/// queues of a workspace see merges in this one order, no two of them can ever wait for each other in a circle.
/// </summary>
[Alias("cio.IMergeGrain")]
public interface IMergeGrain : IGrainWithStringKey
{
    /// <summary>Takes a merge for the queue of <paramref name="primary"/>, and its barrier for that of <see cref="Call.OtherCustomer"/>.</summary>
    [Alias("Accept"), ResponseTimeout("00:00:10")]
    ValueTask<AcceptResult> Accept(string primary, Call merge, AcceptDeadline deadline);

    /// <summary>Takes a merge that is a dead letter back to the end of the queue of <paramref name="primary"/>, with a new barrier.</summary>
    [Alias("Replay"), ResponseTimeout("00:00:10")]
    ValueTask<ReplayResult> Replay(string primary, Call merge, AcceptDeadline deadline);
}
