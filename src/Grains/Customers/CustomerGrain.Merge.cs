using CioOrleans.Calls;
using CioOrleans.Delivery;

namespace CioOrleans.Customers;

/// <summary>
/// A merge stands in the primary's queue, its barrier in the secondary's. The merge is sent when it is the primary's head and
/// its barrier the secondary's; then the barrier goes. Whoever comes second tells the workspace to look at the primary again.
/// </summary>
internal sealed partial class CustomerGrain
{
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

    public ValueTask<bool> HoldsMerge(Ulid callId) =>
        ValueTask.FromResult(_queue.HasTail || _queue.Find(call => call.Kind == CallKind.Merge && call.Id == callId) is not null);

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
        if (_context.Time.GetUtcNow() - barrier.Call.AcceptedAt > _orphanAge && !await Customer(barrier.Call.OtherCustomer!).HoldsMerge(barrier.Call.Id))
        {
            await ReleaseBarrier(barrier.Call.Id);
            return Unused(UnusedReason.ClassChanged, await CurrentHeadAsync());
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
