using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>Records what it is given. Nothing but <see cref="Accept"/> is any business of a co-hosted service.</summary>
public sealed class RecordingCustomerGrain : Grain, ICustomerGrain
{
    private readonly Recorder _recorder;
    private readonly CustomerAddress _address;

    public RecordingCustomerGrain(Recorder recorder, GrainKeys keys)
    {
        _recorder = recorder;
        _address = keys.ReadCustomer(this.GetPrimaryKeyString());
        Recorder.Activate(_address.Workspace);
    }

    public ValueTask<AcceptResult> Accept(Call call, AcceptDeadline deadline) => _recorder.Accept($"{_address}", _address.Workspace, call, deadline);

    public ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(IReadOnlyList<Call> calls, AcceptDeadline deadline) => throw new NotSupportedException();

    public ValueTask<bool> IsDuplicate(Call call) => throw new NotSupportedException();

    public ValueTask<AcceptResult> AcceptBarrier(Call barrier, AcceptDeadline deadline) => throw new NotSupportedException();

    public ValueTask<DeliveryOutcome> DeliverNext(Permit permit) => throw new NotSupportedException();

    public ValueTask<BatchOffer> OfferHead(Permit permit) => throw new NotSupportedException();

    public ValueTask<DeliveryOutcome> ConcludeHead(long sequence, Ulid callId, BatchItemResult result) => throw new NotSupportedException();

    public ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason) => throw new NotSupportedException();

    public ValueTask<HeadState> MakeDeadLetter(long sequence, int attempts, string reason) => throw new NotSupportedException();

    public ValueTask<MergeBarrierState> BarrierState(Ulid callId) => throw new NotSupportedException();

    public ValueTask<bool> HoldsMerge(Ulid callId) => throw new NotSupportedException();

    public ValueTask ReleaseBarrier(Ulid callId) => throw new NotSupportedException();

    public ValueTask<ReplayResult> Replay(Ulid deadLetterId, AcceptDeadline deadline) => throw new NotSupportedException();

    public ValueTask<KeyedAccept> AcceptSend(Call call, SendKey key, AcceptDeadline deadline) => throw new NotSupportedException();

    public ValueTask<SendBinding?> FindSend(SendKey key) => throw new NotSupportedException();

    public ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience) => throw new NotSupportedException();

    public ValueTask<SendState> GetSend(Ulid callId) => throw new NotSupportedException();

    public ValueTask<bool> WaitUntilDelivered(TimeSpan patience) => throw new NotSupportedException();

    public ValueTask<CallPlace?> FindCall(Ulid? callId) => throw new NotSupportedException();

    public ValueTask<DiscardResult> Discard(CallFilter filter, bool isPreview, long after) => throw new NotSupportedException();

    public ValueTask DiscardBarrier(Ulid callId) => throw new NotSupportedException();

    public ValueTask HoldChanged() => throw new NotSupportedException();

    public ValueTask<CustomerStatus> GetStatus() => throw new NotSupportedException();
}
