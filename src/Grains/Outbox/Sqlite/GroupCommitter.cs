using CioOrleans.Outbox.Sqlite.Writes;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// The one writer: takes all that waits, up to a group's limit, commits it in one transaction, tells the waiters, repeats.
/// While a group is on its way to the disk the next one gathers, so groups grow with the load and nobody waits on a timer.
/// </summary>
internal sealed class GroupCommitter : IAsyncDisposable
{
    private const int MaxGroupWrites = 2_000;
    private const int MaxGroupBytes = 4 << 20;

    /// <summary>Beyond this the disk is slower than the callers: more are turned away instead of kept in memory.</summary>
    private const long MaxWaitingBytes = 32L << 20;

    /// <summary>While writing keeps failing, a new connection is tried so often; writes in between fail at once.</summary>
    private static readonly TimeSpan _retryPause = TimeSpan.FromMilliseconds(100);

    private readonly Func<WriterSession> _open;
    private readonly Checkpointer _checkpointer;
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
    private string? _failure;
    private long _failedAt;

    /// <param name="open">Opens a session; called again after a failure.</param>
    /// <param name="checkpointer">Keeps the log short.</param>
    /// <param name="time">Measures the pauses between attempts to write again.</param>
    /// <param name="logger">Is told when writing fails and when it works again.</param>
    public GroupCommitter(Func<WriterSession> open, Checkpointer checkpointer, TimeProvider time, ILogger logger)
    {
        _open = open;
        _checkpointer = checkpointer;
        _time = time;
        _logger = logger;
        _session = open();
        _recent = _session.Recent;
        _committedPosition = _session.LastPosition;
        _thread = new Thread(Run) { IsBackground = true, Name = "outbox writer" };
        _thread.Start();
    }

    /// <summary>Every row with a position up to this is visible to a read that begins now.</summary>
    public long CommittedPosition => Volatile.Read(ref _committedPosition);

    /// <summary>The rows that the table of queues does not hold; another object after a failure.</summary>
    public RecentRows Recent => Volatile.Read(ref _recent);

    /// <summary>Hands a write over; its place in the order of all writes is settled when this returns.</summary>
    public void Post(PendingWrite write)
    {
        string refusal;
        lock (_gate)
        {
            refusal = _closed ? "the outbox is closed"
                : write.MayBeShed && _waitingBytes > MaxWaitingBytes ? "more calls come in than the disk can take"
                : string.Empty;
            if (refusal.Length == 0)
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

    /// <summary>Commits what was handed over and ends.</summary>
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

                _writerSleeps = true;
            }

            _arrived.WaitOne();
        }
    }

    private static int EndOfGroup(List<PendingWrite> writes, int start)
    {
        var end = start;
        for (long bytes = 0; end < writes.Count && end - start < MaxGroupWrites && bytes < MaxGroupBytes; end++)
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

        try
        {
            var session = Session();
            session.Begin();
            for (var i = start; i < end; i++)
            {
                writes[i].Apply(session);
            }

            session.Commit();
            Volatile.Write(ref _committedPosition, session.LastPosition);
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiters must hear of it and the writer must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Refuse(writes, start, end, Fail(e));
            return;
        }

        for (var i = start; i < end; i++)
        {
            writes[i].Committed();
        }

        if (_failure is not null)
        {
            _failure = null;
            Log.Recovered(_logger);
        }

        Tidy();
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

    /// <summary>What keeps the file fast and nobody waits for. It has a transaction of its own, so that it cannot fail a group.</summary>
    private void Tidy()
    {
        try
        {
            _session!.FoldRecent();
            _checkpointer.AfterCommit(_session);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    /// <summary>
    /// Closing the connection rolls the transaction back, and the next group starts on a fresh one. An I/O error within the
    /// commit itself may have left the group in the log, where a crash before the next commit would bring it back. Whoever was
    /// told to try again then finds its call twice; nothing is lost, and the sequences of such rows are taken.
    /// </summary>
    private string Fail(Exception exception)
    {
        var reason = exception is SqliteFailure failure ? failure.Reason : $"the outbox cannot be written ({exception.Message})";
        if (_failure is null)
        {
            Log.Failing(_logger, reason, exception);
        }

        _failure = reason;
        _failedAt = _time.GetTimestamp();
        _session?.Recent.RolledBack();
        _session?.Dispose();
        _session = null;
        return reason;
    }

    private static void Refuse(List<PendingWrite> writes, int start, int end, string reason)
    {
        for (var i = start; i < end; i++)
        {
            writes[i].Failed(reason);
        }
    }
}
