using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;

namespace CioOrleans.Outbox;

/// <summary>
/// The truth about what was accepted and not yet delivered. Writes of all grains are committed in groups, in the order in which
/// they were handed over; a write's task ends after its commit is on stable storage. Writes never throw for what storage can do
/// to them (full, away): they say so in their result, and nothing of the group is then stored.
/// Reads see every write whose task has ended.
/// </summary>
public interface IOutbox
{
    /// <summary>Bytes free on the disk where calls are stored; null where that is not known.</summary>
    long? FreeBytes { get; }

    /// <summary>Whether other processes may use it at the same time, so that two activations of one customer's grain may, for moments, know of each other nothing.</summary>
    bool IsShared { get; }

    /// <summary>Adds a call to the end of a customer's queue.</summary>
    /// <param name="customer">Whose queue.</param>
    /// <param name="sequence">Higher than every sequence ever given out for this customer; otherwise the row is refused as a conflict.</param>
    /// <param name="call">The call.</param>
    /// <param name="replaces">The id of a dead letter that this row replaces: it is deleted in the same commit, with the answer that was kept of it, and where it is not there any more nothing is appended (a conflict).</param>
    /// <param name="deadline">
    /// Where other processes use the outbox too: a row that comes later, by the database's own clock, is refused. Null where no deadline concerns it.
    /// </param>
    ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null);

    /// <summary>
    /// Adds a send to the end of a customer's queue and binds its caller's key to it, in one commit. Refused as a conflict where the sequence is
    /// taken, or where the key is bound already: <see cref="ISendResultStore.FindSendKeyAsync"/> then tells to which send.
    /// </summary>
    ValueTask<AppendResult> AppendSendAsync(CustomerAddress customer, long sequence, Call call, SendKey key, AcceptDeadline? deadline = null);

    /// <summary>Removes rows that were delivered or discarded, all of them in one commit.</summary>
    ValueTask<WriteResult> CompleteAsync(params IReadOnlyList<RowKey> rows);

    /// <summary>
    /// Marks a send's row as one of which an attempt has begun. <see cref="WriteResult.Refused"/> where the row is gone, or bears the mark of another
    /// attempt: of two activations that want to send the same row one is told so, in whatever order their commits come.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="attempt">Names the attempt; the same name may begin again.</param>
    ValueTask<WriteResult> BeginSendAsync(RowKey row, Guid attempt);

    /// <summary>Keeps a failed attempt.</summary>
    /// <param name="row">The row.</param>
    /// <param name="attempts">Attempts counted against it.</param>
    /// <param name="notBefore">Not to be tried before (UTC).</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="unsent">Of a send: the attempt that sent nothing; its mark is taken off the row, and that of another one stays.</param>
    ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent = null);

    /// <summary>
    /// Ends a send that Customer.io answered: the answer is kept, and the row goes, in one commit. Nothing happens where the row is gone: a successor
    /// has then said that the outcome is unknown, and callers may have been told so.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="refusal">Where Customer.io refused the send for good: what stands in the dead letter that the row becomes; otherwise null.</param>
    ValueTask<WriteResult> EndSendAsync(RowKey row, SendResult answer, SendRefusal? refusal = null);

    /// <summary>Turns a row into a dead letter.</summary>
    /// <param name="row">The row.</param>
    /// <param name="attempts">Attempts counted against it.</param>
    /// <param name="reason">Why it was given up.</param>
    /// <param name="diedAt">When (UTC).</param>
    /// <param name="isOutcomeUnknown">Whether the message may have been sent.</param>
    ValueTask<WriteResult> DeadLetterAsync(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown = false);

    /// <summary>Reads one customer's queue from behind <paramref name="afterSequence"/>; at least one row if there is one, then until either maximum is reached.</summary>
    ValueTask<CustomerQueue> ReadQueueAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation = default);

    /// <summary>How many calls wait in one customer's queue, counted up to <paramref name="atMost"/>.</summary>
    ValueTask<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation = default);

    /// <summary>Pages through every customer of a workspace whose queue is not empty, in no particular order.</summary>
    /// <param name="workspace">Which workspace.</param>
    /// <param name="after">From <see cref="HeadPage.Next"/>; null for the first page.</param>
    /// <param name="limit">At most so many customers a page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation = default);

    /// <summary>Pages through the customers that got a call after <paramref name="position"/> and whose queues are not empty.</summary>
    ValueTask<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, CancellationToken cancellation = default);

    /// <summary>How many calls of a workspace wait. May be costly with millions of rows: for people, not for hot paths.</summary>
    ValueTask<long> CountWaitingAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>How many calls of an import wait. Reads every waiting call: for people, and rarely.</summary>
    ValueTask<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation = default);

    /// <summary>
    /// The customer in whose queue a call waits; null where no call of that id does. Reads every waiting call until it is found: for people.
    /// </summary>
    ValueTask<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation = default);

    /// <summary>
    /// A stretch of a workspace's waiting calls: whose calls in it a filter means, and how many. Reads so many rows at most that it takes a fraction of a
    /// second: for operators.
    /// </summary>
    /// <param name="workspace">Which workspace.</param>
    /// <param name="filter">Which calls.</param>
    /// <param name="after">From <see cref="MatchPage.Next"/>; null for the first page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long? after, CancellationToken cancellation = default);

    /// <summary>
    /// When the call that was stored before all others that wait was accepted; null where none waits. Cheap; where a workspace's oldest call
    /// stands behind very many of others it may answer null.
    /// </summary>
    ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default);
}
