using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;

namespace CioOrleans.Grains.Customers;

/// <inheritdoc cref="ICustomerGrain"/>
/// <remarks>
/// Passes its calls to the classes that carry them out. <see cref="CallQueue"/> and <see cref="QueueHead"/> hold all state. The other classes have none and are made
/// for each call, because a silo holds a hundred thousand of these grains.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class CustomerGrain : Grain, ICustomerGrain, ICustomerActivation
{
    private readonly QueueHead _head;
    private bool _isCounted;
    private LocalAccepts? _local;

    public CustomerGrain(CustomerContexts contexts)
    {
        var address = contexts.Keys.ReadCustomer(this.GetPrimaryKeyString());
        var context = contexts.Of(address.Workspace);

        // One string for all grains of the workspace, instead of a copy in each.
        address = address with { Workspace = context.Settings.Name };
        _head = new QueueHead(context, address, new CallQueue(context.Budget, activation: Guid.NewGuid()), this);
    }

    private CallAccepts Accepts => new(_head);

    private HeadDelivery Delivery => new(_head);

    private HeadConclusion Conclusion => new(_head);

    private CallLookup Lookup => new(_head);

    private CallDiscards Discards => new(_head);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _head.Context.Active.Add();
        _isCounted = true;

        // The activation succeeds even if the outbox cannot be read. A failed activation would delay its callers and hold their tokens; now each call is refused.
        await _head.TryLoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        RemoveLocal();
        if (_local is not null)
        {
            await _local.LeaveAsync();
        }

        _head.Queue.Release();
        if (_isCounted)
        {
            _head.Context.Active.Remove();
        }
    }

    void ICustomerActivation.Leave()
    {
        RemoveLocal();
        DeactivateOnIdle();
    }

    void ICustomerActivation.Queue(Task turn) => GrainContext.Scheduler.QueueTask(turn);

    ValueTask<AcceptResult> ICustomerActivation.AcceptAsync(Call call, AcceptDeadline deadline) => Accepts.AcceptAsync(call, deadline);

    public ValueTask<AcceptResult> Accept(Call call, AcceptDeadline deadline)
    {
        // Not when the grain is activated: this call, and messages that wait behind it, must not be overtaken by calls that come without a message.
        _local ??= _head.Context.Local.Add(_head.Address, this);
        _local.OnMessage(_head.Context.Time);
        return Accepts.AcceptAsync(call, deadline);
    }

    public ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(IReadOnlyList<Call> calls, AcceptDeadline deadline) =>
        _head.SharedQueue is { } shared ? shared.AcceptMany(calls, deadline) : Accepts.AcceptManyAsync(calls, deadline);

    public ValueTask<bool> IsDuplicate(Call call) => Accepts.IsRepeatAsync(call);

    public ValueTask<AcceptResult> AcceptBarrier(Call barrier, AcceptDeadline deadline) => Accepts.AppendAsync(barrier, deadline);

    public ValueTask<ReplayResult> Replay(Ulid deadLetterId, AcceptDeadline deadline) => Accepts.ReplayAsync(deadLetterId, deadline);

    public ValueTask<KeyedAccept> AcceptSend(Call call, SendKey key, AcceptDeadline deadline) => Accepts.AcceptSendAsync(call, key, deadline);

    public ValueTask<SendBinding?> FindSend(SendKey key) => Accepts.FindSendAsync(key);

    public ValueTask<DeliveryOutcome> DeliverNext(Permit permit) => Delivery.DeliverAsync(permit);

    public ValueTask<BatchOffer> OfferHead(Permit permit) => Delivery.OfferAsync(permit);

    public ValueTask<DeliveryOutcome> ConcludeHead(long sequence, Ulid callId, BatchItemResult result) => Delivery.ConcludeAsync(sequence, callId, result);

    public ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason) =>
        Conclusion.PostponeAsync(sequence, attempts, notBefore, reason);

    public ValueTask<HeadState> MakeDeadLetter(long sequence, int attempts, string reason) => Conclusion.MakeDeadLetterAsync(sequence, attempts, reason);

    public ValueTask<MergeBarrierState> BarrierState(Ulid callId) => _head.Merges.StateAsync(callId);

    public ValueTask<bool> HoldsMerge(Ulid callId) => _head.Merges.HoldsMergeAsync(callId);

    public ValueTask ReleaseBarrier(Ulid callId) => _head.Merges.ReleaseAsync(callId);

    public ValueTask<DiscardResult> Discard(CallFilter filter, bool isPreview, long after) => Discards.DiscardAsync(filter, isPreview, after);

    public ValueTask HoldChanged()
    {
        Accepts.OnHoldChanged();
        return ValueTask.CompletedTask;
    }

    public ValueTask DiscardBarrier(Ulid callId) => Discards.DiscardBarrierAsync(callId);

    public ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience) => Lookup.AwaitSendAsync(callId, patience, GetSend);

    public ValueTask<SendState> GetSend(Ulid callId) => _head.SharedQueue is { } shared ? shared.GetSend(callId) : Lookup.GetSendAsync(callId);

    public ValueTask<bool> WaitUntilDelivered(TimeSpan patience) =>
        _head.SharedQueue is { } shared ? shared.WaitUntilDelivered(patience) : Lookup.WaitUntilDeliveredAsync(patience);

    public ValueTask<CustomerStatus> GetStatus() => _head.SharedQueue is { } shared ? shared.GetStatus() : Lookup.GetStatusAsync();

    public ValueTask<CallPlace?> FindCall(Ulid? callId) => _head.SharedQueue is { } shared ? shared.FindCall(callId) : Lookup.FindCallAsync(callId);

    private void RemoveLocal()
    {
        if (_local is not null)
        {
            _head.Context.Local.Remove(_head.Address, _local);
        }
    }
}
