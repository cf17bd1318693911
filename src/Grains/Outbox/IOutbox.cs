using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.History;

namespace CioOrleans.Grains.Outbox;

/// <summary>
/// The store of accepted calls that have not ended; the truth. Writes of all grains are committed in groups, in the order in which they were posted. A write's
/// task ends after its commit is on stable storage. Writes never throw for a failure of the storage (full, cannot be reached): their result reports it, and no
/// write of the group is stored then. Reads see every write whose task has ended.
/// </summary>
public interface IOutbox
{
    /// <summary>Free bytes on the disk where calls are stored; null if that is not known.</summary>
    long? FreeBytes { get; }

    /// <summary>Whether other processes may use the outbox at the same time, so that two activations of one customer's grain may exist for a moment.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Clears the cache of recently used customers, if there is one. Called when the process is idle, to give its memory back. The next write of each customer
    /// needs one more read.
    /// </summary>
    ValueTask ClearCacheAsync() => ValueTask.CompletedTask;

    /// <summary>Adds a call to the end of a customer's queue.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="sequence">Higher than every sequence ever given to a call of this customer; otherwise the row is refused as a conflict.</param>
    /// <param name="call">The call.</param>
    /// <param name="replaces">The id of a dead letter that this row replaces. The dead letter, and the answer that was kept of it, are deleted in the same
    /// commit. If there is no such dead letter, nothing is appended (a conflict).</param>
    /// <param name="deadline">
    /// If other processes use the outbox too: a row that arrives later, by the database's own clock, is refused. Null for no deadline.
    /// </param>
    ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null);

    /// <summary>
    /// Adds a send to the end of a customer's queue and binds its caller's key to it, in one commit. Refused as a conflict if the sequence is taken, or if the
    /// key is bound already: <see cref="ISendResultStore.FindSendKeyAsync"/> then returns the send.
    /// </summary>
    ValueTask<AppendResult> AppendSendAsync(CustomerAddress customer, long sequence, Call call, SendKey key, AcceptDeadline? deadline = null);

    /// <summary>Removes rows that were delivered or discarded, all in one commit.</summary>
    ValueTask<WriteResult> CompleteAsync(params IReadOnlyList<RowKey> rows) => CompleteAsync(rows, []);

    /// <summary>Removes rows that were delivered or discarded, and stores what the history tells of it, all in one commit.</summary>
    ValueTask<WriteResult> CompleteAsync(IReadOnlyList<RowKey> rows, IReadOnlyList<HistoryRow> history);

    /// <summary>
    /// Stores the mark of an attempt in a send's row. <see cref="WriteResult.Refused"/> if the row is gone, or has the mark of another attempt. So if two
    /// activations want to send the same row, one of them is refused, in whatever order their commits come.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="attempt">The name of the attempt. The same attempt may be marked again.</param>
    ValueTask<WriteResult> BeginSendAsync(RowKey row, Guid attempt);

    /// <summary>Stores a failed attempt.</summary>
    /// <param name="row">The row.</param>
    /// <param name="attempts">Counted attempts of the call.</param>
    /// <param name="notBefore">The end of the back-off (UTC).</param>
    /// <param name="error">Why the attempt failed.</param>
    /// <param name="unsent">For a send: the attempt that sent nothing. Its mark is removed from the row; the mark of another attempt stays.</param>
    ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent = null);

    /// <summary>
    /// Ends a send that Customer.io answered: the answer is stored and the row removed in one commit. No effect if the row is gone: a successor has then stored
    /// that the outcome is unknown, and callers may have got that answer.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="refusal">If Customer.io refused the send for good: the contents of the dead letter that the row becomes; otherwise null.</param>
    /// <param name="history">What the history tells of it, stored in the same commit; null for nothing.</param>
    ValueTask<WriteResult> EndSendAsync(RowKey row, SendResult answer, SendRefusal? refusal = null, HistoryRow? history = null);

    /// <summary>Makes a dead letter of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="attempts">Counted attempts of the call.</param>
    /// <param name="reason">Why the call became a dead letter.</param>
    /// <param name="diedAt">When it became a dead letter (UTC).</param>
    /// <param name="isOutcomeUnknown">Whether the message may have been sent.</param>
    /// <param name="history">What the history tells of it, stored in the same commit; null for nothing.</param>
    /// <param name="holds">Whether the dead letter holds the queue: see <see cref="CustomerQueue.Held"/>.</param>
    ValueTask<WriteResult> DeadLetterAsync(
        RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown = false, HistoryRow? history = null, bool holds = false);

    /// <summary>
    /// Puts a dead letter that holds its queue back to its place, under its sequence. <see cref="WriteResult.Refused"/> if it does not hold the queue (any
    /// more), or if the deadline has passed by the database's own clock.
    /// </summary>
    /// <param name="held">The row that the dead letter was.</param>
    /// <param name="deadline">If other processes use the outbox too: a write that arrives later is refused. Null for no deadline.</param>
    ValueTask<WriteResult> ReplayHeldAsync(RowKey held, AcceptDeadline? deadline = null);

    /// <summary>Ends the hold of a dead letter, which stays a dead letter. No effect if it does not hold its queue.</summary>
    /// <param name="held">The row that the dead letter was.</param>
    ValueTask<WriteResult> ReleaseHeldAsync(RowKey held);

    /// <summary>
    /// Reads one customer's queue after <paramref name="afterSequence"/>: at least one row if there is one, then more until either maximum is reached.
    /// </summary>
    ValueTask<CustomerQueue> ReadQueueAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation = default);

    /// <summary>The number of calls in one customer's queue, counted up to <paramref name="atMost"/>.</summary>
    ValueTask<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation = default);

    /// <summary>Pages through every customer of a workspace whose queue is not empty, in no particular order.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="after">From <see cref="HeadPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of customers in a page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation = default);

    /// <summary>Pages through the customers that got a call after <paramref name="position"/> and whose queues are not empty.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="position">From <see cref="HeadPage.Next"/> or, for the first page, <see cref="HeadPage.Position"/> of an earlier read.</param>
    /// <param name="limit">The maximum number of customers in a page.</param>
    /// <param name="seen">
    /// The customers of the pages before, as the storage numbers them. They are left out of this page, and those of this page are added. Pass one set for all
    /// pages of a scan, so that a customer with many new calls is read once and not once for each page; null leaves nobody out.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, HashSet<long>? seen = null, CancellationToken cancellation = default);

    /// <summary>The number of a workspace's waiting calls. May be slow with millions of rows, so do not use it in hot paths.</summary>
    ValueTask<long> CountWaitingAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>The number of an import's waiting calls. Reads every waiting call, so use it rarely.</summary>
    ValueTask<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation = default);

    /// <summary>The customer in whose queue a call waits; null if no such call waits. Reads waiting calls until it is found, so use it rarely.</summary>
    ValueTask<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation = default);

    /// <summary>
    /// The customers whose calls a filter selects, and how many, in one part of a workspace's waiting calls. A part is small enough to be read in a fraction of
    /// a second.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="filter">Selects the calls.</param>
    /// <param name="after">From <see cref="MatchPage.Next"/>; null for the first page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long? after, CancellationToken cancellation = default);

    /// <summary>
    /// When the oldest waiting call was accepted: the one that was stored first. Null if no call waits. Cheap; may return null if very many calls of other
    /// workspaces were stored before it.
    /// </summary>
    ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default);
}
