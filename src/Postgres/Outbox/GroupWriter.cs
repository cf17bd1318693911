using System.Threading.Channels;
using CioOrleans.Postgres.History;
using CioOrleans.Postgres.Outbox.Writes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// Takes all waiting writes up to a group's limit, commits them in one transaction, completes them, and repeats. While a group is being committed the next one
/// gathers, so groups grow with the load and no write waits for a timer. While the database cannot be reached, writes are refused at once.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    /// <summary>Below the 4,096 positions that one transaction has.</summary>
    private const int MaxGroupWrites = 2_000;
    private const int MaxGroupBytes = 4 << 20;

    /// <summary>The maximum size of waiting writes, in bytes. Above it the database is slower than the callers, and appends are refused.</summary>
    private const long MaxWaitingBytes = 64L << 20;

    private const int MaxDeadlocks = 3;

    private static readonly TimeSpan _reconnectEvery = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _source;
    private readonly DropCount _dropped;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<PendingWrite> _arrived =
        Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _loop;
    private WriterSession? _session;
    private long _waitingBytes;
    private bool _isFailing;

    // Why writes are refused at once: the error of the last attempt to connect.
    private volatile string? _down;

    public GroupWriter(NpgsqlDataSource source, WriterSession session, DropCount dropped, TimeProvider time, ILogger logger)
    {
        _dropped = dropped;
        _source = source;
        _session = session;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Posts a write. Its place in the order of all writes of this writer is fixed when this returns.</summary>
    public void Post(PendingWrite write)
    {
        if (_down is { } reason)
        {
            write.Failed(reason, mayBeStored: false);
            return;
        }

        if (Interlocked.Add(ref _waitingBytes, write.Size) > MaxWaitingBytes && write.MayBeShed)
        {
            Interlocked.Add(ref _waitingBytes, -write.Size);
            write.Failed("more calls come in than the database can take", mayBeStored: false);
        }
        else if (!_arrived.Writer.TryWrite(write))
        {
            write.Failed("the outbox is closed", mayBeStored: false);
        }
    }

    /// <summary>Commits the posted writes and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _arrived.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        List<PendingWrite> group = [];
        while (await _arrived.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            TakeGroup(group);
            await CommitAsync(group).ConfigureAwait(false);
            if (_session is null)
            {
                await ReconnectAsync().ConfigureAwait(false);
            }
        }

        await CloseSessionAsync().ConfigureAwait(false);
    }

    private void TakeGroup(List<PendingWrite> group)
    {
        group.Clear();
        long bytes = 0;
        while (group.Count < MaxGroupWrites && bytes < MaxGroupBytes && _arrived.Reader.TryRead(out var write))
        {
            group.Add(write);
            bytes += write.Size;
        }

        Interlocked.Add(ref _waitingBytes, -bytes);
    }

    private async ValueTask CommitAsync(IReadOnlyList<PendingWrite> group, int deadlocks = 0, bool keepsHistory = true)
    {
        var wasHandedOver = false;
        try
        {
            _session ??= await WriterSession.OpenAsync(_source, _dropped).ConfigureAwait(false);
            wasHandedOver = true;
            await _session.CommitAsync(group, keepsHistory).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiters must hear of it and the writer must live on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await CloseSessionAsync().ConfigureAwait(false);
            await OnFailureAsync(group, deadlocks, keepsHistory, wasHandedOver, exception).ConfigureAwait(false);
            return;
        }

        if (_isFailing)
        {
            _isFailing = false;
            Log.Recovered(_logger);
        }

        foreach (var write in group)
        {
            if (write.IsUndecided)
            {
                await CommitAsync([write]).ConfigureAwait(false);
            }
            else
            {
                write.Committed();
            }
        }
    }

    /// <summary>
    /// A commit whose answer was lost may have happened, and is reported as not known to be stored. The next load of the queue finds such an append, and its
    /// caller repeats it with a later sequence; every other write may be repeated. If the server still works on the commit, a repeat waits for its locks. If
    /// the repeat is first, the commit is too late for its sequences.
    /// </summary>
    private async ValueTask OnFailureAsync(IReadOnlyList<PendingWrite> group, int deadlocks, bool keepsHistory, bool wasHandedOver, Exception exception)
    {
        if (PostgresFailure.IsDeadlock(exception) && deadlocks < MaxDeadlocks)
        {
            await CommitAsync(group, deadlocks + 1, keepsHistory).ConfigureAwait(false);
        }
        else if (PostgresFailure.ConcernsOne(exception))
        {
            await CommitOneByOneAsync(group, keepsHistory, exception).ConfigureAwait(false);
        }
        else
        {
            var reason = PostgresFailure.Reason(exception);
            _down = reason;
            if (!_isFailing)
            {
                _isFailing = true;
                Log.Failing(_logger, reason, exception);
            }

            foreach (var write in group)
            {
                write.Failed(reason, wasHandedOver && PostgresFailure.MayBeStored(exception));
            }
        }
    }

    /// <summary>Commits each write alone, so that a write that cannot be stored does not fail its group.</summary>
    private async ValueTask CommitOneByOneAsync(IReadOnlyList<PendingWrite> group, bool keepsHistory, Exception exception)
    {
        if (group.Count > 1)
        {
            foreach (var write in group)
            {
                await CommitAsync([write]).ConfigureAwait(false);
            }
        }
        else if (keepsHistory)
        {
            // Its row of the history may be what cannot be stored.
            await CommitAsync(group, keepsHistory: false).ConfigureAwait(false);
        }
        else
        {
            var reason = PostgresFailure.Reason(exception);
            Log.WriteRefused(_logger, reason, exception);
            group[0].Failed(reason, mayBeStored: false);
        }
    }

    private async ValueTask ReconnectAsync()
    {
        while (_session is null)
        {
            FailWaiting();
            try
            {
                _session = await WriterSession.OpenAsync(_source, _dropped).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Until the database is back, or the outbox is closed.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _down ??= PostgresFailure.Reason(exception);
                if (_arrived.Reader.Completion.IsCompleted)
                {
                    return;
                }

                await Task.Delay(_reconnectEvery, _time).ConfigureAwait(false);
            }
        }

        _down = null;
    }

    private void FailWaiting()
    {
        if (_down is not { } reason)
        {
            return;
        }

        while (_arrived.Reader.TryRead(out var write))
        {
            Interlocked.Add(ref _waitingBytes, -write.Size);
            write.Failed(reason, mayBeStored: false);
        }
    }

    private async ValueTask CloseSessionAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
