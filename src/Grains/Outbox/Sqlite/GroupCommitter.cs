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
    private const long MaxWaitingBytes = 64L << 20;

    private readonly Func<WriterSession> _open;
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
    private bool _failing;
    private long _committedPosition;

    /// <param name="open">Opens a session; called again after a failure.</param>
    /// <param name="logger">Is told when writing fails and when it works again.</param>
    public GroupCommitter(Func<WriterSession> open, ILogger logger)
    {
        _open = open;
        _logger = logger;
        _session = open();
        _committedPosition = _session.LastPosition;
        _thread = new Thread(Run) { IsBackground = true, Name = "outbox writer" };
        _thread.Start();
    }

    /// <summary>Every row with a position up to this is visible to a read that begins now.</summary>
    public long CommittedPosition => Volatile.Read(ref _committedPosition);

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
        try
        {
            var session = _session ??= _open();
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
            Fail(writes, start, end, e);
            return;
        }

        if (_failing)
        {
            _failing = false;
            Log.Recovered(_logger);
        }

        for (var i = start; i < end; i++)
        {
            writes[i].Committed();
        }
    }

    /// <summary>
    /// Closing the connection rolls the transaction back, and the next group starts on a fresh one. An I/O error within the
    /// commit itself may have left the group in the log, where a crash before the next commit would bring it back: the caller
    /// was told to try again and its sequences were not given out anew below it, so such a row is a repeat and never a loss.
    /// </summary>
    private void Fail(List<PendingWrite> writes, int start, int end, Exception exception)
    {
        var reason = exception is SqliteFailure failure ? failure.Reason : $"the outbox cannot be written ({exception.Message})";
        if (!_failing)
        {
            _failing = true;
            Log.Failing(_logger, reason, exception);
        }

        _session?.Dispose();
        _session = null;
        for (var i = start; i < end; i++)
        {
            writes[i].Failed(reason);
        }
    }
}
