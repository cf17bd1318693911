using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Postgres.History;
using CioOrleans.Postgres.Outbox.Writes;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The outbox of a cluster: a PostgreSQL database that all silos share. Each silo commits in groups. A customer's writes always go through the same writer, so
/// they keep their order. Reads throw while the database cannot be reached.
/// </summary>
public sealed partial class PostgresOutbox : IOutbox, IDeadLetterStore, IWorkspaceStateStore, ISendResultStore, IAuditStore, IHistoryStore, IListStore, IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly string _database;
    private readonly PostgresOutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NpgsqlDataSource _writerSource;
    private readonly ReaderPool _readers;
    private readonly OutboxReader _reader;
    private readonly QueueReader _queues;
    private readonly HistoryReader _history;
    private readonly ListReader _lists;
    private readonly DropCount _dropped = new();
    private GroupWriter[] _writers = [];

    /// <param name="connectionString">A connection string of Npgsql. Default time-outs are 3 s for a connection and 5 s for a statement.</param>
    /// <param name="options">How to open the database and how many writers to use.</param>
    /// <param name="time">Measures the pauses between attempts to connect.</param>
    /// <param name="logger">Logs when writing fails and when it works again.</param>
    public PostgresOutbox(string connectionString, PostgresOutboxOptions options, TimeProvider time, ILogger<PostgresOutbox> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Writers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Writers, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Readers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Readers, 100);
        _connectionString = connectionString;
        _options = options;
        _time = time;
        _logger = logger;
        _writerSource = PostgresConnections.ForWriters(connectionString);
        _readers = new ReaderPool(PostgresConnections.ForReaders(connectionString, options.Readers), options.Readers);
        _reader = new OutboxReader(_readers);
        _queues = new QueueReader(_readers);
        _history = new HistoryReader(_readers);
        _lists = new ListReader(_readers);
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        _database = $"{parts.Database} at {parts.Host}:{parts.Port}";
    }

    /// <summary>Always true: all silos of a cluster use the database.</summary>
    public bool IsShared => true;

    public long? FreeBytes => null;

    /// <summary>The connections that do not belong to the group writers.</summary>
    internal ReaderPool Connections => _readers;

    /// <summary>Brings the schema up to date, or only checks it, and starts the writers.</summary>
    /// <exception cref="OutboxDatabaseException">The database cannot be reached, or its schema does not fit this program.</exception>
    public async Task OpenAsync(CancellationToken cancellation = default)
    {
        var began = _time.GetTimestamp();
        await Task.Run(PrepareSchema, cancellation).ConfigureAwait(false);

        var writers = new GroupWriter[_options.Writers];
        for (var i = 0; i < writers.Length; i++)
        {
            var session = await FirstConnection.TryAsync(() => WriterSession.OpenAsync(_writerSource, _dropped).AsTask()).ConfigureAwait(false);
            writers[i] = new GroupWriter(_writerSource, session, _dropped, _time, _logger);
        }

        _writers = writers;
        await TryPrepareHistoryAsync().ConfigureAwait(false);
        var elapsed = _time.GetElapsedTime(began);
        Log.Opened(_logger, _database, elapsed);
        await WarnIfNotDurableAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Commits the posted writes and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        await _queues.DisposeAsync().ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _writerSource.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null)
    {
        var write = new AppendWrite(customer, sequence, call, deadline, replaces);
        WriterOf(customer).Post(write);
        return new ValueTask<AppendResult>(write.Result);
    }

    public ValueTask<AppendResult> AppendSendAsync(CustomerAddress customer, long sequence, Call call, SendKey key, AcceptDeadline? deadline = null)
    {
        var write = new AppendWrite(customer, sequence, call, deadline, key: key);
        WriterOf(customer).Post(write);
        return new ValueTask<AppendResult>(write.Result);
    }

    public ValueTask<WriteResult> BeginSendAsync(RowKey row, Guid attempt)
    {
        var hasBegun = false;
        return Post(
            row,
            batch =>
            {
                hasBegun = false;
                batch.BeginSend(row, attempt, () => hasBegun = true);
            },
            outcome: () => hasBegun ? WriteResult.Written.Instance : WriteResult.Refused.Instance);
    }

    public ValueTask<WriteResult> EndSendAsync(RowKey row, SendResult answer, SendRefusal? refusal = null, HistoryRow? history = null) => Post(
        row,
        batch =>
        {
            batch.EndSend(row, answer, refusal);
            batch.Record(history, isEndOfCall: true);
        },
        PendingWrite.RowSize + answer.Body.Length + (history?.Body?.StoredSize ?? 0));

    public ValueTask<WriteResult> CompleteAsync(params IReadOnlyList<RowKey> rows) => CompleteAsync(rows, []);

    public ValueTask<WriteResult> CompleteAsync(IReadOnlyList<RowKey> rows, IReadOnlyList<HistoryRow> history) =>
        rows.Count == 0 ? ValueTask.FromResult<WriteResult>(WriteResult.Written.Instance) : Post(
            WriterOf(rows[0].Customer),
            (PendingWrite.RowSize * (rows.Count + history.Count)) + BodySize(history),
            customers =>
            {
                foreach (var row in rows)
                {
                    customers.Want(row.Customer);
                }

                Want(customers, history);
            },
            batch =>
            {
                foreach (var row in rows)
                {
                    batch.Remove(row);
                }

                foreach (var row in history)
                {
                    batch.Record(row, isEndOfCall: true);
                }
            });

    public ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent = null) =>
        Post(row, batch => batch.Postpone(row, attempts, notBefore, error, unsent));

    public ValueTask<WriteResult> DeadLetterAsync(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown = false, HistoryRow? history = null, bool holds = false) =>
        Post(
            row,
            batch =>
            {
                batch.MakeDeadLetter(row, attempts, reason, diedAt, isOutcomeUnknown, holds);
                batch.Record(history, isEndOfCall: true);
            },
            PendingWrite.RowSize + (history?.Body?.StoredSize ?? 0));

    public ValueTask<WriteResult> ReplayHeldAsync(RowKey held, AcceptDeadline? deadline = null)
    {
        var isStored = false;
        var ends = deadline is { } given ? given.At.Ticks / TimeSpan.TicksPerMicrosecond : long.MaxValue;
        return Post(
            held,
            batch =>
            {
                isStored = false;
                batch.ReplayHeld(held, ends, () => isStored = true);
            },
            outcome: () => isStored ? WriteResult.Written.Instance : WriteResult.Refused.Instance);
    }

    public ValueTask<WriteResult> ReleaseHeldAsync(RowKey held) => Post(held, batch => batch.ReleaseHeld(held));

    public ValueTask<CustomerQueue> ReadQueueAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation = default) =>
        new(_queues.ReadAsync(customer, afterSequence, maxRows, maxBytes, cancellation));

    public ValueTask<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation = default) =>
        new(_reader.CountQueueAsync(customer, atMost, cancellation));

    public ValueTask<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation = default) =>
        new(_reader.ReadHeadsAsync(workspace, after, limit, cancellation));

    public ValueTask<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, HashSet<long>? seen = null, CancellationToken cancellation = default) =>
        new(_reader.ReadNewWorkAsync(workspace, position, limit, seen ?? [], cancellation));

    public ValueTask<long> CountWaitingAsync(string workspace, CancellationToken cancellation = default) =>
        new(_reader.CountWaitingAsync(workspace, cancellation));

    public ValueTask<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation = default) =>
        new(_reader.ReadDeadLettersAsync(workspace, after, limit, cancellation));

    public ValueTask<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default) =>
        new(_reader.FindDeadLetterAsync(workspace, id, cancellation));

    public async ValueTask<bool> DiscardDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default)
    {
        var (found, now) = (false, _time.GetUtcNow());
        var written = await Post(workspace, batch =>
        {
            found = false;
            batch.Discard(workspace, id, now, () => found = true);
        }).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : found;
    }

    public ValueTask<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation = default) =>
        new(_reader.CountDeadLettersAsync(workspace, cancellation));

    public async ValueTask<DiscardedLetters> DiscardDeadLettersAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        List<HeldCustomer?> found = [];
        var now = _time.GetUtcNow();
        var written = await Post(workspace, batch =>
        {
            found.Clear();
            batch.DiscardMany(workspace, ids, now, found.Add);
        }).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : new DiscardedLetters(found.Count, [.. found.OfType<HeldCustomer>()]);
    }

    public ValueTask<HeldCustomerPage> ReadHeldAsync(string workspace, string? after, int limit, CancellationToken cancellation = default) =>
        new(_reader.ReadHeldAsync(workspace, after, limit, cancellation));

    public async ValueTask<int> StoreCausesAsync(string workspace, int limit, CancellationToken cancellation = default)
    {
        var letters = await _reader.ReadCauselessAsync(workspace, limit, cancellation).ConfigureAwait(false);
        if (letters.Count == 0)
        {
            return 0;
        }

        var written = await Post(workspace, batch => batch.StoreCauses(workspace, letters)).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : letters.Count;
    }

    public ValueTask<IReadOnlyList<DeadLetterCause>> ReadDeadLetterCausesAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        new(_reader.ReadDeadLetterCausesAsync(workspace, limit, cancellation));

    public ValueTask<SelectedDeadLetterPage> SelectDeadLettersAsync(
        string workspace, DeadLetterSelection selection, Ulid? after, int limit, CancellationToken cancellation = default) =>
        new(_reader.SelectDeadLettersAsync(workspace, selection, after, limit, cancellation));

    public ValueTask<DeadLetterCount> CountDeadLettersAsync(string workspace, DeadLetterSelection selection, CancellationToken cancellation = default) =>
        new(_reader.CountDeadLettersAsync(workspace, selection, cancellation));

    public ValueTask<string?> ReadPauseAsync(string workspace, CancellationToken cancellation = default) =>
        new(_reader.ReadPauseAsync(workspace, cancellation));

    public ValueTask<WriteResult> WritePauseAsync(string workspace, string? reason) => Post(workspace, batch => batch.Pause(workspace, reason));

    public ValueTask<string?> ReadReplayAsync(string workspace, CancellationToken cancellation = default) =>
        new(_reader.ReadReplayAsync(workspace, cancellation));

    public ValueTask<WriteResult> WriteReplayAsync(string workspace, string state) => Post(workspace, batch => batch.StoreReplay(workspace, state));

    public ValueTask<string?> ReadImportAsync(string workspace, Ulid import, CancellationToken cancellation = default) =>
        new(_reader.ReadImportAsync(workspace, import, cancellation));

    public ValueTask<WriteResult> WriteImportAsync(string workspace, Ulid import, string state, DateTimeOffset forgetBefore) =>
        Post(workspace, batch => batch.StoreImport(workspace, import, state, forgetBefore));

    public ValueTask<byte[]?> ReadSecretAsync(string name, CancellationToken cancellation = default) => new(_reader.ReadSecretAsync(name, cancellation));

    public ValueTask<WriteResult> AddSecretAsync(string name, byte[] value) => Post(batch => batch.AddSecret(name, value));

    public ValueTask<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation = default) =>
        new(_reader.CountImportAsync(workspace, import, cancellation));

    public ValueTask<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation = default) =>
        new(_reader.FindCustomerAsync(workspace, callId, cancellation));

    public ValueTask<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long? after, CancellationToken cancellation = default) =>
        new(_reader.FindCallsAsync(workspace, filter, after ?? 0, cancellation));

    public ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default) =>
        new(_reader.ReadOldestAsync(workspace, cancellation));

    public ValueTask<WriteResult> StoreAuditAsync(AuditEntry entry, DateTimeOffset forgetBefore) =>
        Post(batch => batch.StoreAudit(entry, forgetBefore), PendingWrite.RowSize + entry.Selection.Length);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(Ulid? before, int limit, CancellationToken cancellation = default) =>
        new(_reader.ReadAuditAsync(before, limit, cancellation));

    public ValueTask<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation = default) =>
        new(_reader.FindSendResultAsync(workspace, id, cancellation));

    public ValueTask<SendBinding?> FindSendKeyAsync(string workspace, Ulid name, CancellationToken cancellation = default) =>
        new(_reader.FindSendKeyAsync(workspace, name, cancellation));

    public async ValueTask<bool> ForgetSendsAsync(string workspace, DateTimeOffset before, int limit)
    {
        var mayHaveMore = false;
        var written = await Post(workspace, batch =>
        {
            mayHaveMore = false;
            batch.ForgetSends(workspace, before, limit, () => mayHaveMore = true);
        }).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : mayHaveMore;
    }

    /// <summary>Commits a change of a row in the next group of its customer's writer. The change runs again if the group is repeated.</summary>
    private ValueTask<WriteResult> Post(RowKey row, Action<WriteBatch> change, int size = PendingWrite.RowSize, Func<WriteResult>? outcome = null) =>
        Post(WriterOf(row.Customer), size, customers => customers.Want(row.Customer), change, outcome);

    /// <summary>Commits a change of a workspace.</summary>
    private ValueTask<WriteResult> Post(string workspace, Action<WriteBatch> change) =>
        Post(Writers[0], PendingWrite.RowSize, customers => customers.Want(workspace), change);

    /// <summary>Commits a change that concerns no workspace.</summary>
    private ValueTask<WriteResult> Post(Action<WriteBatch> change, int size = PendingWrite.RowSize) => Post(Writers[0], size, static _ => { }, change);

    private static ValueTask<WriteResult> Post(GroupWriter writer, int size, Action<CustomerIds> wants, Action<WriteBatch> change, Func<WriteResult>? outcome = null)
    {
        var write = new RowWrite(size, wants, change, outcome);
        writer.Post(write);
        return new ValueTask<WriteResult>(write.Result);
    }

    private GroupWriter[] Writers => _writers is { Length: > 0 } writers ? writers : throw new InvalidOperationException("The outbox is not open.");

    private GroupWriter WriterOf(CustomerAddress customer) =>
        Writers is { Length: > 1 } writers ? writers[(uint)customer.GetHashCode() % writers.Length] : Writers[0];

    private void PrepareSchema()
    {
        if (_options.MigrateAtStart)
        {
            PostgresMigrations.Run(_connectionString, _logger);
        }
        else
        {
            PostgresMigrations.Check(_connectionString);
        }
    }

    private async Task WarnIfNotDurableAsync(CancellationToken cancellation)
    {
        var command = _writerSource.CreateCommand("select 'off' in (current_setting('synchronous_commit'), current_setting('fsync'))");
        await using (command.ConfigureAwait(false))
        {
            if (await FirstConnection.TryAsync(() => command.ExecuteScalarAsync(cancellation)).ConfigureAwait(false) is true)
            {
                Log.NotDurable(_logger, _database);
            }
        }
    }
}
