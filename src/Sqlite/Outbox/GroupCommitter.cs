using CioOrleans.Sqlite.Outbox.Writes;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// The only writer. It takes all waiting writes up to a group's limit, commits them in one transaction, completes them, and repeats. While a group is being
/// committed the next one gathers, so groups grow with the load and no write waits for a timer.
/// </summary>
internal sealed partial class GroupCommitter : IAsyncDisposable
{
    private const int MaxGroupWrites = 2_000;
    private const int MaxGroupBytes = 4 << 20;

    /// <summary>The maximum size of waiting writes, in bytes. Above it the disk is slower than the callers, and appends are refused.</summary>
    private const long MaxWaitingBytes = 32L << 20;

    /// <summary>The number of pages that are given back to the disk at once. A group that arrives meanwhile waits some milliseconds.</summary>
    private const int PagesGivenBack = 128;

    /// <summary>The minimum number of free pages that are worth the work.</summary>
    private const int FewestFreePages = 1_024;

    private static readonly TimeSpan _giveBackEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>The pause between two attempts to open a connection while writing fails. Writes in between fail at once.</summary>
    private static readonly TimeSpan _retryPause = TimeSpan.FromMilliseconds(100);

    private readonly Func<WriterSession> _open;
    private readonly Checkpointer _checkpointer;
    private readonly DiskRoom _room;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<PendingWrite> _gathering = [];
    private long _waitingBytes;
    private bool _writerSleeps;
    private bool _closed;
    private WriterSession? _session;
    private RecentRows _recent;
    private long _committedPosition;
    private WriteFailure? _failure;
    private bool _hasNoRoom;
    private bool _isGivingBack;
    private long _gaveBackAt;
    private long _failedAt;

    /// <param name="open">Opens a session; called again after a failure.</param>
    /// <param name="checkpointer">Keeps the log short.</param>
    /// <param name="room">Decides whether new calls have room.</param>
    /// <param name="time">Measures the pauses between attempts to write again.</param>
    /// <param name="logger">Logs when writing fails and when it works again.</param>
    public GroupCommitter(Func<WriterSession> open, Checkpointer checkpointer, DiskRoom room, TimeProvider time, ILogger logger)
    {
        _open = open;
        _checkpointer = checkpointer;
        _room = room;
        _time = time;
        _logger = logger;
        _session = open();
        _recent = _session.Recent;
        _committedPosition = _session.LastPosition;
        _thread = new Thread(Run) { IsBackground = true, Name = "outbox writer" };
        _thread.Start();
    }

    /// <summary>A read that begins now sees every row with a position up to this.</summary>
    public long CommittedPosition => Volatile.Read(ref _committedPosition);

    /// <summary>The rows that are not in the table of queues; another object after a failure.</summary>
    public RecentRows Recent => Volatile.Read(ref _recent);

    /// <summary>Posts a write. Its place in the order of all writes is fixed when this returns.</summary>
    public void Post(PendingWrite write)
    {
        WriteFailure? refusal;
        lock (_gate)
        {
            refusal = _closed ? WriteFailure.Closed
                : write.MayBeShed && _waitingBytes > MaxWaitingBytes ? WriteFailure.TooMuch
                : null;
            if (refusal is null)
            {
                _gathering.Add(write);
                _waitingBytes += write.Size;
                if (_writerSleeps)
                {
                    _writerSleeps = false;
                    _arrived.Set();
                }

                return;
            }
        }

        write.Failed(refusal);
    }

    /// <summary>Commits the posted writes and ends.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _arrived.Set();
            }
        }

        return new ValueTask(_stopped.Task);
    }

    private void Run()
    {
        List<PendingWrite> taken = [];
        while (Take(ref taken))
        {
            for (var start = 0; start < taken.Count;)
            {
                var end = EndOfGroup(taken, start);
                CommitGroup(taken, start, end);
                start = end;
            }

            taken.Clear();
        }

        _session?.Dispose();
        _arrived.Dispose();
        _stopped.SetResult();
    }

    private bool Take(ref List<PendingWrite> taken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_gathering.Count > 0)
                {
                    (taken, _gathering) = (_gathering, taken);
                    _waitingBytes = 0;
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

            }

            // Without the lock, because it may take some milliseconds.
            var rest = GiveSpaceBack();
            lock (_gate)
            {
                if (_gathering.Count > 0 || _closed)
                {
                    continue;
                }

                _writerSleeps = true;
            }

            _arrived.WaitOne(rest);
        }
    }

    private int EndOfGroup(List<PendingWrite> writes, int start)
    {
        // On a small disk a whole group must fit into the room that is kept free.
        _room.Measure();
        var (mostWrites, mostBytes) = _room.IsTight
            ? (Math.Clamp((int)(_room.LogBytes >> 16), 8, MaxGroupWrites), Math.Min(MaxGroupBytes, _room.LogBytes / 8))
            : (MaxGroupWrites, MaxGroupBytes);
        var end = start;
        for (long bytes = 0; end < writes.Count && end - start < mostWrites && bytes < mostBytes; end++)
        {
            bytes += writes[end].Size;
        }

        return end;
    }

    private void CommitGroup(List<PendingWrite> writes, int start, int end)
    {
        if (_failure is not null && _session is null && _time.GetElapsedTime(_failedAt) < _retryPause)
        {
            Refuse(writes, start, end, _failure);
            return;
        }

        var takesCalls = HasRoomForCalls(writes, start, end);
        var keepsHistory = !_room.IsTight;
        var failure = TryCommit(writes, start, end, takesCalls, keepsHistory);
        if (failure is { IsDiskFull: true } && (_room.GiveUp() || keepsHistory))
        {
            // The room of the deleted reserve is neither for new calls nor for the history.
            takesCalls = false;
            failure = TryCommit(writes, start, end, takesCalls, keepsHistory: false);
        }

        for (var i = start; i < end; i++)
        {
            if (writes[i].MayBeShed && !takesCalls)
            {
                writes[i].Failed(WriteFailure.DiskFull);
            }
            else if (failure is not null)
            {
                writes[i].Failed(failure);
            }
            else
            {
                writes[i].Committed();
            }
        }

        if (failure is null)
        {
            Tidy();
        }
    }

    /// <summary>Null on success.</summary>
    private WriteFailure? TryCommit(List<PendingWrite> writes, int start, int end, bool takesCalls, bool keepsHistory)
    {
        var (isAny, isCommitting) = (false, false);
        try
        {
            for (var i = start; i < end; i++)
            {
                if (writes[i].MayBeShed && !takesCalls)
                {
                    continue;
                }

                if (!isAny)
                {
                    isAny = true;
                    Session().Begin();
                    _session!.History.HasRoom = keepsHistory;
                }

                writes[i].Apply(_session!);
            }

            if (isAny)
            {
                isCommitting = true;
                _session!.Commit();
                Volatile.Write(ref _committedPosition, _session.LastPosition);
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiters must hear of it and the writer must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(e) with { MayBeStored = isCommitting };
        }

        if (isAny && _failure is not null)
        {
            _failure = null;
            Log.Recovered(_logger);
        }

        return null;
    }

    private WriterSession Session()
    {
        if (_session is null)
        {
            _session = _open();
            Volatile.Write(ref _recent, _session.Recent);
        }

        return _session;
    }

    /// <summary>
    /// Closing the connection rolls the transaction back, and the next group uses a new one. An I/O error within the commit itself may have left the group in
    /// the log, where a crash before the next commit would restore it. Then a caller that was asked to repeat has its call stored twice. Nothing is lost, and
    /// the sequences of such rows are taken.
    /// </summary>
    private WriteFailure Fail(Exception exception)
    {
        var failure = exception is SqliteFailure { IsDiskFull: true } ? WriteFailure.DiskFull
            : new WriteFailure(exception is SqliteFailure sqlite ? sqlite.Reason : $"the outbox cannot be written ({exception.Message})");
        if (_failure is null)
        {
            Log.Failing(_logger, failure.Reason, exception);
        }

        _failure = failure;
        _failedAt = _time.GetTimestamp();
        _session?.Recent.RolledBack();
        _session?.Dispose();
        _session = null;
        return failure;
    }

    private static void Refuse(List<PendingWrite> writes, int start, int end, WriteFailure failure)
    {
        for (var i = start; i < end; i++)
        {
            writes[i].Failed(failure);
        }
    }
}
