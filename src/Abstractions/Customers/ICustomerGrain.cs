using CioOrleans.Calls;
using CioOrleans.Delivery;
using Orleans.Concurrency;

namespace CioOrleans.Customers;

/// <summary>
/// One customer of a workspace (key: <see cref="CustomerAddress.ToGrainKey"/>). It owns that customer's order: it numbers and
/// stores each accepted call, and sends the head of its queue when the workspace grants a permit.
/// </summary>
[Alias("cio.ICustomerGrain")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>Takes a call. Returns once it is on stable storage, or was refused; calls accepted one after the other keep that order.</summary>
    [Alias("Accept"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> Accept(Call call);

    /// <summary>Takes the mark of a merge whose primary is another customer (<see cref="Call.OtherCustomer"/>).</summary>
    [Alias("AcceptBarrier"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> AcceptBarrier(Call barrier);

    /// <summary>Sends the head of the queue and stores what became of it. Called by the workspace only.</summary>
    [Alias("DeliverNext"), ResponseTimeout("00:01:30")]
    ValueTask<DeliveryOutcome> DeliverNext(Permit permit);

    /// <summary>Stores a failed attempt of the head and when it may be tried again.</summary>
    [Alias("Postpone")]
    ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason);

    /// <summary>Turns the head into a dead letter.</summary>
    [Alias("GiveUp")]
    ValueTask<HeadState> GiveUp(long sequence, int attempts, string reason);

    /// <summary>Whether the merge of <paramref name="callId"/> may be sent as far as this, the secondary's, queue is concerned.</summary>
    [Alias("BarrierState"), AlwaysInterleave]
    ValueTask<MergeBarrierState> BarrierState(Ulid callId);

    /// <summary>Whether this, the primary's, queue still holds the merge of <paramref name="callId"/>.</summary>
    [Alias("HoldsMerge"), AlwaysInterleave]
    ValueTask<bool> HoldsMerge(Ulid callId);

    /// <summary>The merge of <paramref name="callId"/> is done with: this, the secondary's, queue goes on.</summary>
    [Alias("ReleaseBarrier"), AlwaysInterleave]
    ValueTask ReleaseBarrier(Ulid callId);

    /// <summary>Takes a dead letter of this customer back to the end of the queue. False where there is no such dead letter.</summary>
    [Alias("Replay"), AlwaysInterleave]
    ValueTask<bool> Replay(Ulid deadLetterId);

    /// <summary>What waits here and why.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<CustomerStatus> GetStatus();
}
