using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// A merge is in the primary's queue, its barrier in the secondary's. The merge is sent when it is the head of the primary and its barrier is the head of the
/// secondary. Then the barrier is removed. The one that becomes a head second tells the workspace to look at the primary again.
/// </summary>
internal sealed partial class CustomerGrain
{
    /// <summary>
    /// How long a barrier without its merge blocks the head before it counts as an orphan of a crash. A merge and its barrier have one deadline, which had not
    /// passed when the barrier was stored. So the merge cannot be stored any more after one length of an accept; twice the length covers the clocks' bounds.
    /// </summary>
    private static readonly TimeSpan _orphanAge = 2 * AcceptDeadline.Length;

    /// <summary>The barrier at the head, and when this activation met it there first.</summary>
    private (Ulid CallId, long Since) _barrier;

    private const int StoredPage = 1_000;

    public async ValueTask<MergeBarrierState> BarrierState(Ulid callId)
    {
        if (!await EnsureHeadAsync())
        {
            return MergeBarrierState.Waiting;
        }

        bool IsBarrier(Call call) => call.Kind == CallKind.MergeBarrier && call.Id == callId;
        if (_queue.TryPeek(out var head) && IsBarrier(head.Call))
        {
            return MergeBarrierState.Reached;
        }

        return _queue.HasTail || _queue.Find(IsBarrier) is not null ? MergeBarrierState.Waiting : MergeBarrierState.Absent;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HoldsMerge(Ulid callId)
    {
        bool IsMerge(Call call) => call.Kind == CallKind.Merge && call.Id == callId;
        if (_queue.Find(IsMerge) is not null)
        {
            return true;
        }

        // A queue that moves reaches the merge, or its own end. One whose head is another merge may wait, by way of any number of queues, for the barrier that is asked
        // about: "perhaps" would hold all of them up for good, so the store is read.
        return _queue.HasTail && (!_queue.TryPeek(out var head) || head.Call.Kind is not (CallKind.Merge or CallKind.MergeBarrier) || await IsStoredAsync(IsMerge));
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
            LogNotReadable(_context.Logger, _address.Workspace, exception);
            return true;
        }
    }

    public async ValueTask ReleaseBarrier(Ulid callId)
    {
        if (_unstoredEnd is null && await EnsureHeadAsync() && _queue.TryPeek(out var head) &&
            head.Call.Kind == CallKind.MergeBarrier && head.Call.Id == callId)
        {
            await EndHeadAsync(head, () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
            await _context.Owner.HasWork(_address.Customer, await NextHeadAsync(head.Call));
        }
    }

    private async ValueTask<bool> IsSecondaryBehindAsync(QueuedCall merge) =>
        await Customer(merge.Call.OtherCustomer!).BarrierState(merge.Call.Id) == MergeBarrierState.Waiting;

    private async ValueTask<DeliveryOutcome.Unused> WaitAtBarrierAsync(QueuedCall barrier)
    {
        if (_barrier.CallId != barrier.Call.Id)
        {
            _barrier = (barrier.Call.Id, _context.Time.GetTimestamp());
        }

        if (_context.Time.GetElapsedTime(_barrier.Since) >= _orphanAge && !await Customer(barrier.Call.OtherCustomer!).HoldsMerge(barrier.Call.Id))
        {
            await ReleaseBarrier(barrier.Call.Id);
            return Unused(UnusedReason.HeadEnded, await CurrentHeadAsync());
        }

        return Unused(UnusedReason.WaitsForMerge, barrier.State);
    }

    private async ValueTask AnnounceIfBarrierAsync(Call head)
    {
        if (head is { Kind: CallKind.MergeBarrier, OtherCustomer: { } primary })
        {
            await _context.Owner.HasWork(primary, HeadState.Of(head.LimitClass, head.Priority));
        }
    }
}
