using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using Orleans.Concurrency;

namespace CioOrleans.Customers;

/// <summary>
/// One customer of a workspace (key: made by <see cref="Addressing.GrainKeys"/>). It owns that customer's order: it numbers and
/// stores each accepted call, and sends the head of its queue when the workspace grants a permit.
/// </summary>
[Alias("cio.ICustomerGrain")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Accepts a call. Returns once the call is on stable storage or was refused. Calls that are accepted one after the other keep that order.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="deadline">A call that the grain receives later is not stored: <see cref="AcceptResult.Expired"/>.</param>
    [Alias("Accept"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> Accept(Call call, AcceptDeadline deadline);

    /// <summary>Accepts several calls in one message and keeps their order. Equal to a sequence of <see cref="Accept"/>. No merge may be among them.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="deadline">See <see cref="Accept"/>.</param>
    /// <returns>One result for each call, in the order of <paramref name="calls"/>.</returns>
    [Alias("AcceptMany"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(IReadOnlyList<Call> calls, AcceptDeadline deadline);

    /// <summary>Whether a call repeats a call that this customer's queue has accepted; see <see cref="CallNotes"/>.</summary>
    [Alias("IsDuplicate"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<bool> IsDuplicate(Call call);

    /// <summary>Accepts the barrier of a merge whose primary is another customer (<see cref="Call.OtherCustomer"/>).</summary>
    [Alias("AcceptBarrier"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<AcceptResult> AcceptBarrier(Call barrier, AcceptDeadline deadline);

    /// <summary>Sends the head of the queue and stores the outcome. Called by the workspace only.</summary>
    [Alias("DeliverNext"), ResponseTimeout("00:01:30")]
    ValueTask<DeliveryOutcome> DeliverNext(Permit permit);

    /// <summary>Returns the head to a batch that will send it. Changes nothing, because the batch may leave the head out. Called by batches only.</summary>
    /// <param name="permit">The batch's permit.</param>
    [Alias("OfferHead")]
    ValueTask<BatchOffer> OfferHead(Permit permit);

    /// <summary>Stores the outcome of the head that was in a batch. Has no effect if the queue has another head by now.</summary>
    [Alias("ConcludeHead")]
    ValueTask<DeliveryOutcome> ConcludeHead(long sequence, Ulid callId, BatchItemResult result);

    /// <summary>Stores a failed attempt of the head and the end of its back-off.</summary>
    [Alias("Postpone")]
    ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason);

    /// <summary>Makes a dead letter of the head.</summary>
    [Alias("GiveUp")]
    ValueTask<HeadState> MakeDeadLetter(long sequence, int attempts, string reason);

    /// <summary>Whether this queue, the secondary's, lets the merge of <paramref name="callId"/> be sent.</summary>
    [Alias("BarrierState"), AlwaysInterleave]
    ValueTask<MergeBarrierState> BarrierState(Ulid callId);

    /// <summary>Whether this queue, the primary's, still holds the merge of <paramref name="callId"/>.</summary>
    [Alias("HoldsMerge"), AlwaysInterleave]
    ValueTask<bool> HoldsMerge(Ulid callId);

    /// <summary>Lets this queue, the secondary's, go on: the merge of <paramref name="callId"/> has ended.</summary>
    [Alias("ReleaseBarrier"), AlwaysInterleave]
    ValueTask ReleaseBarrier(Ulid callId);

    /// <summary>Puts a dead letter of this customer at the end of the queue; one that holds the queue goes back to its place.</summary>
    [Alias("Replay"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ReplayResult> Replay(Ulid deadLetterId, AcceptDeadline deadline);

    /// <summary>
    /// Accepts a send under a key. The send is stored at most once while the key is bound, whichever queue and silo receive the key. Returns once the send is
    /// on stable storage, was found there, or was refused.
    /// </summary>
    [Alias("AcceptSend"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<KeyedAccept> AcceptSend(Call call, SendKey key, AcceptDeadline deadline);

    /// <summary>The send that a key of this workspace is bound to; null if the key is not bound. The grain of any customer can answer.</summary>
    [Alias("FindSend"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<SendBinding?> FindSend(SendKey key);

    /// <summary>
    /// Waits until a send that was stored in this queue has ended, and returns its state. Returns <see cref="SendState.Waiting"/> if that takes longer than
    /// <paramref name="patience"/>. Another activation may have ended the send meanwhile; <see cref="GetSend"/> returns that result.
    /// </summary>
    [Alias("AwaitSend"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience);

    /// <summary>
    /// Discards waiting calls for good, for an operator. A call in flight stays; the others keep their order. One call handles one part of a long queue.
    /// </summary>
    /// <param name="filter">Selects the calls.</param>
    /// <param name="isPreview">Whether the calls are only counted.</param>
    /// <param name="after">From <see cref="DiscardResult.Next"/>; 0 for the first part.</param>
    [Alias("Discard"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    ValueTask<DiscardResult> Discard(CallFilter filter, bool isPreview, long after);

    /// <summary>Removes the barrier of the merge <paramref name="callId"/>, which was discarded, from any place of this queue, the secondary's.</summary>
    [Alias("DiscardBarrier"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    ValueTask DiscardBarrier(Ulid callId);

    /// <summary>A dead letter that held this queue was discarded: reads the queue again and tells the workspace.</summary>
    [Alias("HoldChanged"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask HoldChanged();

    /// <summary>The state of a send that was stored in this queue.</summary>
    [Alias("GetSend"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<SendState> GetSend(Ulid callId);

    /// <summary>
    /// Waits until every call accepted before has been delivered or is a dead letter. False if that takes longer than <paramref name="patience"/>.
    /// </summary>
    [Alias("WaitUntilDelivered"), AlwaysInterleave, ResponseTimeout("00:01:30")]
    ValueTask<bool> WaitUntilDelivered(TimeSpan patience);

    /// <summary>The waiting calls of this customer, and why the head waits.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<CustomerStatus> GetStatus();

    /// <summary>A call's place in this queue; null if it does not wait here, or more than 100,000 calls are ahead of it.</summary>
    /// <param name="callId">Null for the head.</param>
    [Alias("FindCall"), AlwaysInterleave]
    ValueTask<CallPlace?> FindCall(Ulid? callId);
}
