using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Sqlite.History;
using CioOrleans.Sqlite.Outbox.Writes;
using CioOrleans.Workspaces;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The outbox of a dispatcher that runs as one process: a SQLite file. Short reads run on the caller's thread.</summary>
public sealed partial class SqliteOutbox : IOutbox, IDeadLetterStore, IWorkspaceStateStore, ISendResultStore, IAuditStore, IHistoryStore, IListStore, IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly HistoryTally _tally = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private FileLock? _lock;
    private GroupCommitter? _writer;
    private ReaderPool? _readers;
    private Checkpointer? _checkpointer;

    /// <param name="connectionString">A connection string of Microsoft.Data.Sqlite, such as <c>Data Source=data/cio.db</c>. A missing folder is
    /// created.</param>
    /// <param name="time">Measures how long opening takes.</param>
    /// <param name="logger">Logs when writing fails and when it works again.</param>
    /// <param name="diskReserve">The disk space that is set aside, in bytes; 0 for none, null for a size that suits the disk.</param>
    public SqliteOutbox(string connectionString, TimeProvider time, ILogger<SqliteOutbox> logger, long? diskReserve = null)
        : this(new SqliteFile(connectionString) { Reserve = diskReserve }, time, logger)
    {
    }

    internal SqliteOutbox(SqliteFile file, TimeProvider time, ILogger<SqliteOutbox> logger)
    {
        _file = file;
        _time = time;
        _logger = logger;
    }

    private GroupCommitter Writer => _writer ?? throw new InvalidOperationException("The outbox is not open.");

    private ReaderPool Readers => _readers ?? throw new InvalidOperationException("The outbox is not open.");

    public bool IsShared => false;

    public long? FreeBytes => new DriveInfo(Path.GetDirectoryName(_file.Path)!).AvailableFreeSpace;

    /// <summary>Takes the file's lock, brings the schema up to date and starts the writer.</summary>
    /// <exception cref="OutboxFileException">The file is in use, has a newer schema, or cannot be opened.</exception>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        // Recovery after a crash reads the whole log, so it does not run on the caller's thread.
        return Task.Run(Start, cancellation);
    }

    /// <summary>Commits the posted writes and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }

        if (_checkpointer is not null)
        {
            await _checkpointer.StopAsync().ConfigureAwait(false);
        }

        _readers?.Dispose();
        _lock?.Dispose();
        _lock = null;
    }

    public ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null)
    {
        var write = new AppendWrite(customer, sequence, call, replaces);
        Writer.Post(write);
        return new ValueTask<AppendResult>(write.Result);
    }

    public ValueTask<AppendResult> AppendSendAsync(CustomerAddress customer, long sequence, Call call, SendKey key, AcceptDeadline? deadline = null)
    {
        var write = new AppendWrite(customer, sequence, call, key: key);
        Writer.Post(write);
        return new ValueTask<AppendResult>(write.Result);
    }

    public ValueTask<WriteResult> BeginSendAsync(RowKey row, Guid attempt) =>
        Post(session => session.BeginSend(row, attempt) ? WriteResult.Written.Instance : WriteResult.Refused.Instance);

    public ValueTask<WriteResult> EndSendAsync(RowKey row, SendResult answer, SendRefusal? refusal = null, HistoryRow? history = null) => Post(
        session =>
        {
            session.EndSend(row, answer, refusal);
            session.Record(history);
        },
        PendingWrite.RowSize + answer.Body.Length + (history?.Body?.StoredSize ?? 0));

    public ValueTask<WriteResult> CompleteAsync(params IReadOnlyList<RowKey> rows) => CompleteAsync(rows, []);

    public ValueTask<WriteResult> CompleteAsync(IReadOnlyList<RowKey> rows, IReadOnlyList<HistoryRow> history) => Post(
        session =>
        {
            foreach (var row in rows)
            {
                session.Remove(row);
            }

            foreach (var row in history)
            {
                session.Record(row);
            }
        },
        (PendingWrite.RowSize * (rows.Count + history.Count)) + BodySize(history));

    public ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent = null) =>
        Post(session => session.Postpone(row, attempts, notBefore, error, unsent));

    public ValueTask<WriteResult> DeadLetterAsync(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown = false, HistoryRow? history = null, bool holds = false) =>
        Post(
            session =>
            {
                session.MakeDeadLetter(row, attempts, reason, diedAt, isOutcomeUnknown, holds);
                session.Record(history);
            },
            PendingWrite.RowSize + (history?.Body?.StoredSize ?? 0));

    public ValueTask<WriteResult> ReplayHeldAsync(RowKey held, AcceptDeadline? deadline = null) =>
        Post(session => session.ReplayHeld(held) ? WriteResult.Written.Instance : WriteResult.Refused.Instance);

    public ValueTask<WriteResult> ReleaseHeldAsync(RowKey held) => Post(session => session.ReleaseHeld(held));

    public ValueTask<CustomerQueue> ReadQueueAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.ReadQueue(customer, afterSequence, maxRows, maxBytes)));

    public ValueTask<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation = default) =>
        Long(reader => reader.CountQueue(customer, atMost), cancellation);

    public ValueTask<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation = default)
    {
        // Read before the snapshot, so that rows committed in between are read twice and not missed.
        var position = Writer.CommittedPosition;
        return Long(reader => reader.ReadHeads(workspace, after, limit, position, cancellation), cancellation);
    }

    public ValueTask<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, HashSet<long>? seen = null, CancellationToken cancellation = default)
    {
        var committed = Writer.CommittedPosition;
        return Long(reader => reader.ReadNewWork(workspace, position, limit, seen ?? [], committed, cancellation), cancellation);
    }

    public ValueTask<long> CountWaitingAsync(string workspace, CancellationToken cancellation = default) =>
        Long(reader => reader.CountWaiting(workspace), cancellation);

    public ValueTask<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadDeadLetters(workspace, after, limit), cancellation);

    public ValueTask<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.FindDeadLetter(workspace, id)));

    public async ValueTask<bool> DiscardDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default)
    {
        var (found, now) = (false, _time.GetUtcNow());
        var written = await Post(session => { found = session.Discard(workspace, id, now); }).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : found;
    }

    public ValueTask<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation = default) =>
        Long(reader => reader.CountDeadLetters(workspace), cancellation);

    public async ValueTask<DiscardedLetters> DiscardDeadLettersAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        var now = _time.GetUtcNow();
        DiscardedLetters discarded = new(0, []);
        var written = await Post(
            session =>
            {
                HeldCustomer[] held = [.. ids.Select(id => session.FindHeld(workspace, id)).OfType<HeldCustomer>()];
                discarded = new DiscardedLetters(ids.Count(id => session.Discard(workspace, id, now)), held);
            },
            PendingWrite.RowSize * ids.Count).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : discarded;
    }

    public ValueTask<HeldCustomerPage> ReadHeldAsync(string workspace, string? after, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadHeld(workspace, after, limit), cancellation);

    public async ValueTask<int> StoreCausesAsync(string workspace, int limit, CancellationToken cancellation = default)
    {
        var stored = 0;
        var written = await Post(session => { stored = session.StoreCauses(workspace, limit); }, PendingWrite.RowSize * limit).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : stored;
    }

    public ValueTask<IReadOnlyList<DeadLetterCause>> ReadDeadLetterCausesAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadDeadLetterCauses(workspace, limit), cancellation);

    public ValueTask<SelectedDeadLetterPage> SelectDeadLettersAsync(
        string workspace, DeadLetterSelection selection, Ulid? after, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.SelectDeadLetters(workspace, selection, after, limit), cancellation);

    public ValueTask<DeadLetterCount> CountDeadLettersAsync(string workspace, DeadLetterSelection selection, CancellationToken cancellation = default) =>
        Long(reader => reader.CountDeadLetters(workspace, selection), cancellation);

    public ValueTask<string?> ReadPauseAsync(string workspace, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.ReadPause(workspace)));

    public ValueTask<WriteResult> WritePauseAsync(string workspace, string? reason) => Post(session => session.Pause(workspace, reason));

    public ValueTask<string?> ReadReplayAsync(string workspace, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.ReadReplay(workspace)));

    public ValueTask<WriteResult> WriteReplayAsync(string workspace, string state) => Post(session => session.StoreReplay(workspace, state));

    public ValueTask<string?> ReadImportAsync(string workspace, Ulid import, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.ReadImport(workspace, import)));

    public ValueTask<WriteResult> WriteImportAsync(string workspace, Ulid import, string state, DateTimeOffset forgetBefore) =>
        Post(session => session.StoreImport(workspace, import, state, forgetBefore));

    public ValueTask<byte[]?> ReadSecretAsync(string name, CancellationToken cancellation = default) => new(Readers.Read(reader => reader.ReadSecret(name)));

    public ValueTask<WriteResult> AddSecretAsync(string name, byte[] value) => Post(session => session.AddSecret(name, value));

    public ValueTask<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation = default) =>
        Long(reader => reader.CountImport(workspace, import), cancellation);

    public ValueTask<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation = default) =>
        Long(reader => reader.FindCustomer(workspace, callId, cancellation), cancellation);

    public ValueTask<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long? after, CancellationToken cancellation = default) =>
        Long(reader => reader.FindCalls(workspace, filter, after ?? 0), cancellation);

    public ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadOldest(workspace), cancellation);

    public ValueTask<WriteResult> StoreAuditAsync(AuditEntry entry, DateTimeOffset forgetBefore) =>
        Post(session => session.StoreAudit(entry, forgetBefore), PendingWrite.RowSize + entry.Selection.Length);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(Ulid? before, int limit, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.ReadAudit(before, limit)));

    public ValueTask<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.FindSendResult(workspace, id)));

    public ValueTask<SendBinding?> FindSendKeyAsync(string workspace, Ulid name, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.FindSendKey(workspace, name)));

    public async ValueTask<bool> ForgetSendsAsync(string workspace, DateTimeOffset before, int limit)
    {
        var mayHaveMore = false;
        var written = await Post(session => { mayHaveMore = session.ForgetSends(workspace, before, limit); }).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : mayHaveMore;
    }

    public async ValueTask ClearCacheAsync() => await Post(session => session.ClearCache()).ConfigureAwait(false);

    /// <summary>Commits a change in the next group. The change runs on the writer's thread, once more if the group is repeated.</summary>
    internal ValueTask<WriteResult> Post(Action<WriterSession> change, int size = PendingWrite.RowSize) => Post(
        session =>
        {
            change(session);
            return WriteResult.Written.Instance;
        },
        size);

    /// <summary>Commits a change as <see cref="Post(Action{WriterSession}, int)"/> does, unless too many writes wait or the disk is nearly full.</summary>
    internal ValueTask<WriteResult> PostSheddable(Action<WriterSession> change, int size)
    {
        var write = new SheddableWrite(size, change);
        Writer.Post(write);
        return new ValueTask<WriteResult>(write.Result);
    }

    /// <summary>Reads on another thread than the caller's.</summary>
    internal ValueTask<T> ReadLong<T>(Func<ReaderSession, T> read, CancellationToken cancellation) => Long(read, cancellation);

    private ValueTask<WriteResult> Post(Func<WriterSession, WriteResult> change, int size = PendingWrite.RowSize)
    {
        var write = new RowWrite(size, change);
        Writer.Post(write);
        return new ValueTask<WriteResult>(write.Result);
    }

    /// <summary>
    /// Rebuilds a file, so that free pages are given back to the disk now and later. The rebuild needs twice the file's size, and the file must not be in use.
    /// </summary>
    /// <returns>The file's length in bytes, before and after.</returns>
    /// <exception cref="OutboxFileException">The file is in use, has a newer schema, or the disk has no room.</exception>
    public static (long Before, long After) Rebuild(string connectionString)
    {
        var file = new SqliteFile(connectionString);
        using var held = FileLock.Take(file.Path);
        try
        {
            var before = new FileInfo(file.Path).Length;
            using (var connection = file.Open())
            {
                FileRebuild.Run(connection);
            }

            return (before, new FileInfo(file.Path).Length);
        }
        catch (Exception e) when (e is SqliteFailure or SqliteException or IOException)
        {
            throw new OutboxFileException($"The outbox {file.Path} cannot be rebuilt: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private void Start()
    {
        var began = _time.GetTimestamp();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
            _lock = FileLock.Take(_file.Path);
            _file.MakePrivate();
            var room = new DiskRoom(_file.Path, _file.Reserve, _time, _logger);
            using (var connection = _file.Open())
            {
                FoldLog(connection, room);
                Schema.Migrate(connection, _logger);
                FileRebuild.IfSmall(connection, _file.Path, _logger);
            }

            room.TryTakeReserve();
            _checkpointer = new Checkpointer(_file, room, _logger);
            _writer = new GroupCommitter(() => new WriterSession(_file, _tally), _checkpointer, room, _time, _logger);
            _readers = new ReaderPool(() => new ReaderSession(_file, () => Writer.Recent));
        }
        catch (Exception e)
        {
            _lock?.Dispose();
            _lock = null;
            if (e is OutboxFileException)
            {
                throw;
            }

            throw new OutboxFileException($"The outbox {_file.Path} cannot be opened: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        var elapsed = _time.GetElapsedTime(began);
        Log.Opened(_logger, _file.Path, elapsed);
    }

    /// <summary>Copies the log that a crash has left into the database, so that the log starts short.</summary>
    private static void FoldLog(SqliteConnection connection, DiskRoom room)
    {
        try
        {
            SqliteFile.Checkpoint(connection);
        }
        catch (SqliteFailure failure) when (failure.IsDiskFull && room.GiveUp())
        {
            SqliteFile.Checkpoint(connection);
        }
    }

    private ValueTask<T> Long<T>(Func<ReaderSession, T> read, CancellationToken cancellation)
    {
        var readers = Readers;
        return new ValueTask<T>(Task.Run(() => readers.Read(read), cancellation));
    }
}
