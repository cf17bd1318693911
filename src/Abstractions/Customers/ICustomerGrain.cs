using CioOrleans.Calls;
using CioOrleans.Delivery;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using Orleans.Concurrency;

namespace CioOrleans.Customers;

/// <summary>
/// One customer of a workspace (key: made by <see cref="Grains.GrainKeys"/>). It owns that customer's order: it numbers and
/// stores each accepted call, and sends the head of its queue when the workspace grants a permit.
/// </summary>
[Alias("cio.ICustomerGrain")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>Takes a call. Returns once it is on stable storage, or was refused; calls accepted one after the other keep that order.</summary>
    /// <param name="call">The call.</param>
    /// <param name="deadline">A call that is looked at later gets no place in the queue: <see cref="AcceptResult.Expired"/>.</param>
    [Alias("Accept"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> Accept(Call call, AcceptDeadline deadline);

    /// <summary>
    /// Takes several calls, which keep their order: as many calls of <see cref="Accept"/>, in one message. No merge may be among them.
    /// </summary>
    /// <param name="calls">The calls.</param>
    /// <param name="deadline">As of <see cref="Accept"/>.</param>
    /// <returns>One result a call, in the order of <paramref name="calls"/>.</returns>
    [Alias("AcceptMany"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(IReadOnlyList<Call> calls, AcceptDeadline deadline);

    /// <summary>Whether a call repeats one that this customer's queue has taken; see <see cref="CallNotes"/>.</summary>
    [Alias("IsDuplicate"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<bool> IsDuplicate(Call call);

    /// <summary>Takes the mark of a merge whose primary is another customer (<see cref="Call.OtherCustomer"/>).</summary>
    [Alias("AcceptBarrier"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> AcceptBarrier(Call barrier, AcceptDeadline deadline);

    /// <summary>Sends the head of the queue and stores what became of it. Called by the workspace only.</summary>
    [Alias("DeliverNext"), ResponseTimeout("00:01:30")]
    ValueTask<DeliveryOutcome> DeliverNext(Permit permit);

    /// <summary>Shows the head to a batch that will send it. Changes nothing: the batch may leave it behind. Called for the workspace only.</summary>
    /// <param name="permit">The batch's, as far as it concerns this customer.</param>
    [Alias("OfferHead")]
    ValueTask<BatchOffer> OfferHead(Permit permit);

    /// <summary>Stores what became of the head in a batch. Has no effect where the head is another one by now.</summary>
    [Alias("ConcludeHead")]
    ValueTask<DeliveryOutcome> ConcludeHead(long sequence, Ulid callId, BatchItemResult result);

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

    /// <summary>Takes a dead letter of this customer back to the end of the queue.</summary>
    [Alias("Replay"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ReplayResult> Replay(Ulid deadLetterId, AcceptDeadline deadline);

    /// <summary>
    /// Takes a send under a key: it is stored at most once for as long as the key is bound, whichever queue and silo the key is offered to.
    /// Returns once it is on stable storage, was found there, or was refused.
    /// </summary>
    [Alias("AcceptSend"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<KeyedAccept> AcceptSend(Call call, SendKey key, AcceptDeadline deadline);

    /// <summary>The send that a key of this workspace is bound to; null where it is bound to none. Any customer's grain may be asked.</summary>
    [Alias("FindSend"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<SendBinding?> FindSend(SendKey key);

    /// <summary>
    /// Waits until a send that was stored in this queue has ended, and tells what became of it. <see cref="SendState.Waiting"/> where that takes longer
    /// than <paramref name="patience"/>; another activation may have ended it then, which <see cref="GetSend"/> tells.
    /// </summary>
    [Alias("AwaitSend"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience);

    /// <summary>
    /// Discards waiting calls for good, for an operator. A call in flight stays; the order of the others is kept. Looks at a stretch of a long queue.
    /// </summary>
    /// <param name="filter">Which calls.</param>
    /// <param name="isPreview">Whether they are counted only.</param>
    /// <param name="after">From <see cref="DiscardResult.Next"/>; 0 for the first stretch.</param>
    [Alias("Discard"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    ValueTask<DiscardResult> Discard(CallFilter filter, bool isPreview, long after);

    /// <summary>The merge of <paramref name="callId"/> was discarded: this, the secondary's, queue goes on without its barrier, wherever that stands.</summary>
    [Alias("DiscardBarrier"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    ValueTask DiscardBarrier(Ulid callId);

    /// <summary>What became of a send that was stored in this queue.</summary>
    [Alias("GetSend"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<SendState> GetSend(Ulid callId);

    /// <summary>Waits until every call accepted until now has been delivered, or stands as a dead letter. False where that took longer.</summary>
    [Alias("WaitUntilDelivered"), AlwaysInterleave, ResponseTimeout("00:01:30")]
    ValueTask<bool> WaitUntilDelivered(TimeSpan patience);

    /// <summary>What waits here and why.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<CustomerStatus> GetStatus();

    /// <summary>A call's place in this queue; null where it does not wait here, or stands behind more than 100,000 others.</summary>
    /// <param name="callId">Null for the head.</param>
    [Alias("FindCall"), AlwaysInterleave]
    ValueTask<CallPlace?> FindCall(Ulid? callId);
}
