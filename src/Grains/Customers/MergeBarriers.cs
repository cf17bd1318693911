using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// A merge is in the primary's queue, its barrier in the secondary's. The merge is sent when it is the head of the primary and its barrier is the head of the
/// secondary. Then the barrier is removed. The one that becomes a head second tells the workspace to look at the primary again.
/// </summary>
internal sealed class MergeBarriers(QueueHead queueHead)
{
    /// <summary>
    /// How long a barrier without its merge blocks the head before it counts as an orphan of a crash. A merge and its barrier have one deadline, which had not
    /// passed when the barrier was stored. So the merge cannot be stored any more after one length of an accept; twice the length covers the clocks' bounds.
    /// </summary>
    private static readonly TimeSpan _orphanAge = 2 * AcceptDeadline.Length;

    private const int StoredPage = 1_000;

    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallQueue _queue = queueHead.Queue;

    /// <summary>The barrier at the head, and when this activation met it there first.</summary>
    private (Ulid CallId, long Since) _barrier;

    /// <summary>In the secondary's queue: whether it has reached the barrier of a merge.</summary>
    public async ValueTask<MergeBarrierState> StateAsync(Ulid callId)
    {
        if (!await queueHead.EnsureAsync())
        {
            return MergeBarrierState.Waiting;
        }

        bool IsBarrier(Call call) => call.Kind == CallKind.MergeBarrier && call.Id == callId;
        if (_queue.Held is null && _queue.TryPeek(out var head) && IsBarrier(head.Call))
        {
            return MergeBarrierState.Reached;
        }

        return _queue.HasTail || _queue.Find(IsBarrier) is not null ? MergeBarrierState.Waiting : MergeBarrierState.Absent;
    }

    /// <summary>In the primary's queue: whether it may still hold a merge.</summary>
    public async ValueTask<bool> HoldsMergeAsync(Ulid callId)
    {
        bool IsMerge(Call call) => call.Kind == CallKind.Merge && call.Id == callId;
        if (!await queueHead.EnsureAsync() || _queue.Find(IsMerge) is not null || _queue.Held?.Id == callId)
        {
            return true;
        }

        // A queue that moves reaches the merge, or its own end. One that is held does not move. One whose head is another merge may wait, by way of any number of queues, for the barrier that is asked
        // about: "perhaps" would hold all of them up for good, so the store is read.
        return _queue.HasTail && ((_queue.Held is null && (!_queue.TryPeek(out var head) || head.Call.Kind is not (CallKind.Merge or CallKind.MergeBarrier))) || await IsStoredAsync(IsMerge));
    }

    /// <summary>In the secondary's queue: removes the barrier of a merge that has ended.</summary>
    public async ValueTask ReleaseAsync(Ulid callId)
    {
        if (!queueHead.IsEndUnstored && await queueHead.EnsureAsync() && _queue.Held is null && _queue.TryPeek(out var head) &&
            head.Call.Kind == CallKind.MergeBarrier && head.Call.Id == callId)
        {
            await queueHead.EndAsync(() => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
            await _context.Owner.HasWork(_address.Customer, await queueHead.NextAsync(head.Call));
        }
    }

    /// <summary>Whether the merge at the head must wait, because the secondary's queue has not reached its barrier.</summary>
    public async ValueTask<bool> IsSecondaryBehindAsync(QueuedCall merge) =>
        await _context.Customer(merge.Call.OtherCustomer!).BarrierState(merge.Call.Id) == MergeBarrierState.Waiting;

    /// <summary>A permit came while a barrier is the head. The barrier waits for its merge, or is removed if its merge was never stored.</summary>
    public async ValueTask<DeliveryOutcome.Unused> WaitAsync(QueuedCall barrier)
    {
        if (_barrier.CallId != barrier.Call.Id)
        {
            _barrier = (barrier.Call.Id, _context.Time.GetTimestamp());
        }

        if (_context.Time.GetElapsedTime(_barrier.Since) >= _orphanAge && !await _context.Customer(barrier.Call.OtherCustomer!).HoldsMerge(barrier.Call.Id))
        {
            await ReleaseAsync(barrier.Call.Id);
            return new DeliveryOutcome.Unused(UnusedReason.HeadEnded, await queueHead.CurrentAsync());
        }

        return new DeliveryOutcome.Unused(UnusedReason.WaitsForMerge, barrier.State);
    }

    /// <summary>Whether a call waits in the store. True where the store cannot be read.</summary>
    private async ValueTask<bool> IsStoredAsync(Func<Call, bool> isWanted)
    {
        try
        {
            CustomerQueue page;
            long after = 0;
            do
            {
                page = await _context.Outbox.ReadQueueAsync(_address, after, StoredPage, CallQueue.WindowBytes);
                if (page.Rows.Any(row => isWanted(row.Call)))
                {
                    return true;
                }

                after = page.Rows.Count > 0 ? page.Rows[^1].Sequence : after;
            }
            while (page.Rows.Count > 0);

            return false;
        }
        catch (Exception exception)
        {
            _context.Logger.QueueNotRead(_address.Workspace, exception);
            return true;
        }
    }
}
