using CioOrleans.Calls;
using CioOrleans.Customers;

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
    /// <param name="replaces">The id of a dead letter that this row replaces: it is deleted in the same commit, and where it is not there any more nothing is appended (a conflict).</param>
    /// <param name="deadline">
    /// Where other processes use the outbox too: a row that comes later, by the database's own clock, is refused. Null where no deadline concerns it.
    /// </param>
    ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null);

    /// <summary>Removes delivered rows, all of them in one commit.</summary>
    ValueTask<WriteResult> CompleteAsync(params IReadOnlyList<RowKey> rows);

    /// <summary>Keeps a failed attempt.</summary>
    ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error);

    /// <summary>Turns a row into a dead letter.</summary>
    ValueTask<WriteResult> DeadLetterAsync(RowKey row, int attempts, string reason, DateTimeOffset diedAt);

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
    /// When the call that was stored before all others that wait was accepted; null where none waits. Cheap; where a workspace's oldest call
    /// stands behind very many of others it may answer null.
    /// </summary>
    ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default);
}
