using CioOrleans.Grains.Leasing;
using CioOrleans.Leasing;
using CioOrleans.Postgres.Outbox;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Leasing;

/// <summary>
/// Leases in the database that all silos share, one row a workspace, judged by the database's clock. A successor writes itself into the row at once, so the
/// next renewal of its predecessor fails, and then waits for the end that was promised to the predecessor. The database's clock must be slewed and not set: if it
/// is set ahead, a successor starts too early by that time.
/// </summary>
public sealed partial class PostgresLeaseStore : ILeaseStore, ILeaseRegister, IAsyncDisposable
{
    private static readonly TimeSpan _sampleEvery = TimeSpan.FromSeconds(2);

    /// <summary>Another cluster's lease that was renewed within this time is in use.</summary>
    private static readonly TimeSpan _foreignLife = TimeSpan.FromSeconds(10);

    // What comes from the row as it was is in "l". The expressions see it after its lock was got. A lease that another cluster renews is
    // left alone: two clusters on one database would take it from each other for ever.
    private const string AcquireSql =
        """
        insert into leases as l (workspace, owner, epoch, expires_at, predecessor_ends_at, silo, cluster_id, acquired_at, renewed_at)
        values ($1, $2, 1, clock_timestamp() + $3, 'epoch', $4, $5, clock_timestamp(), clock_timestamp())
        on conflict (workspace) do update set
            owner = excluded.owner,
            epoch = l.epoch + 1,
            expires_at = clock_timestamp() + $3,
            predecessor_ends_at = case when l.owner = excluded.owner then l.predecessor_ends_at else greatest(l.predecessor_ends_at, l.expires_at) end,
            hand_over = case when l.owner = '' then l.hand_over end,
            silo = excluded.silo,
            cluster_id = excluded.cluster_id,
            acquired_at = clock_timestamp(),
            renewed_at = clock_timestamp()
        where l.owner = '' or l.cluster_id is null or l.cluster_id = excluded.cluster_id or l.renewed_at < clock_timestamp() - $6
        returning epoch, expires_at, predecessor_ends_at, clock_timestamp(), hand_over, released_at
        """;

    private const string RenewSql =
        """
        update leases set expires_at = clock_timestamp() + $3, renewed_at = clock_timestamp() where workspace = $1 and owner = $2 and epoch = $4
        returning epoch, expires_at, predecessor_ends_at, clock_timestamp(), hand_over, released_at
        """;

    private const string ReadSql =
        """
        select workspace, silo, epoch, clock_timestamp() - coalesce(acquired_at, clock_timestamp()), clock_timestamp() - coalesce(renewed_at, clock_timestamp())
        from leases where owner <> '' and cluster_id = $1 order by workspace
        """;

    private const string ForeignSql =
        """
        select workspace, cluster_id, extract(epoch from clock_timestamp() - renewed_at)::float8
        from leases where owner <> '' and cluster_id <> $1 and renewed_at > clock_timestamp() - $2 limit 1
        """;

    private const string ReleaseSql =
        """
        update leases set owner = '', expires_at = 'epoch', hand_over = $4, released_at = clock_timestamp()
        where workspace = $1 and owner = $2 and epoch = $3
        """;

    private readonly NpgsqlDataSource _source;
    private readonly Func<string, TimeSpan> _lengthOf;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SampledLeaseClock _clock;

    // Of the same samples. An accept can wait for wide bounds, a lease cannot.
    private readonly SampledLeaseClock _acceptClock;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sampling = Task.CompletedTask;

    /// <param name="connectionString">As of Npgsql. Time-outs that it does not set are 2 s.</param>
    /// <param name="lengthOf">How long a workspace's lease lasts without a renewal: see <see cref="LeaseTerms.LengthFor"/>.</param>
    /// <param name="time">The monotonic clock.</param>
    /// <param name="logger">Says when the database's clock cannot be read.</param>
    public PostgresLeaseStore(string connectionString, Func<string, TimeSpan> lengthOf, TimeProvider time, ILogger<PostgresLeaseStore> logger)
    {
        _source = PostgresConnections.ForLeases(connectionString);
        _lengthOf = lengthOf;
        _time = time;
        _logger = logger;
        _clock = new SampledLeaseClock(time, SampledLeaseClock.NtpDrift);
        _acceptClock = new SampledLeaseClock(time, SampledLeaseClock.ChronyDrift);
    }

    /// <summary>This silo's address, for <see cref="LeaseRecord.Silo"/>; called when a lease is taken.</summary>
    public Func<string?> Silo { get; init; } = () => null;

    /// <summary>The cluster this silo belongs to (default: <c>cio</c>). Leases that another cluster renews are not taken.</summary>
    public string ClusterId { get; init; } = "cio";

    public TimeSpan Now => _clock.Now;

    public ClockBounds Bounds => _acceptClock.Bounds;

    public ValueTask<ClockBounds> ReadAsync() => new(Bounds);

    /// <summary>How far this machine's clock is ahead of the database's, as measured last; negative where it is behind.</summary>
    public TimeSpan ClockAhead { get; private set; }

    /// <summary>
    /// Reads the database's clock, and goes on reading it: a silo needs it for the permits of leases that others hold. Until
    /// then every permit counts as expired.
    /// </summary>
    /// <exception cref="OutboxDatabaseException">The database cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        var difference = await FirstConnection.TryAsync(() => MeasureDifferenceAsync(cancellation)).ConfigureAwait(false);
        if (ClockCheck.Refuse(difference) is { } refusal)
        {
            throw new OutboxDatabaseException(refusal);
        }

        if (await FirstConnection.TryAsync(() => FindForeignClusterAsync(cancellation)).ConfigureAwait(false) is { } foreign)
        {
            throw new OutboxDatabaseException(foreign);
        }

        _sampling = Task.Run(KeepSamplingAsync, CancellationToken.None);
    }

    public async ValueTask<LeaseGrant> AcquireAsync(string workspace, string owner, CancellationToken cancellation = default) =>
        await ExecuteAsync(
            AcquireSql,
            command => command.With(workspace, NpgsqlDbType.Text).With(owner, NpgsqlDbType.Text).With(_lengthOf(workspace), NpgsqlDbType.Interval)
                .With(Silo(), NpgsqlDbType.Text).With(ClusterId, NpgsqlDbType.Text).With(_foreignLife, NpgsqlDbType.Interval),
            cancellation).ConfigureAwait(false)
        ?? throw new IOException($"Another cluster than '{ClusterId}' renews the lease of workspace '{workspace}' in this database.");

    public async ValueTask<IReadOnlyList<LeaseRecord>> ReadLeasesAsync(CancellationToken cancellation = default)
    {
        try
        {
            var command = _source.CreateCommand(ReadSql);
            await using (command.ConfigureAwait(false))
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ClusterId });
                var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    var leases = new List<LeaseRecord>();
                    while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
                    {
                        leases.Add(new LeaseRecord(
                            rows.GetString(0), await rows.IsDBNullAsync(1, cancellation).ConfigureAwait(false) ? null : rows.GetString(1), rows.GetInt64(2), rows.GetTimeSpan(3), rows.GetTimeSpan(4)));
                    }

                    return leases;
                }
            }
        }
        catch (NpgsqlException exception)
        {
            _source.Clear();
            throw new IOException($"The leases cannot be reached: {exception.Message}", exception);
        }
    }

    public async ValueTask<LeaseGrant?> RenewAsync(string workspace, string owner, long epoch, CancellationToken cancellation = default) =>
        await ExecuteAsync(
            RenewSql,
            command => command.With(workspace, NpgsqlDbType.Text).With(owner, NpgsqlDbType.Text)
                .With(_lengthOf(workspace), NpgsqlDbType.Interval).With(epoch, NpgsqlDbType.Bigint),
            cancellation).ConfigureAwait(false);

    public async ValueTask ReleaseAsync(string workspace, string owner, long epoch, string? handOver = null, CancellationToken cancellation = default) =>
        await ExecuteAsync(
            ReleaseSql,
            command => command.With(workspace, NpgsqlDbType.Text).With(owner, NpgsqlDbType.Text)
                .With(epoch, NpgsqlDbType.Bigint).With((object?)handOver ?? DBNull.Value, NpgsqlDbType.Text),
            cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>All three statements may be repeated: the second acquisition by the same owner only takes a further epoch.</summary>
    private async Task<LeaseGrant?> ExecuteAsync(string sql, Action<NpgsqlBatchCommand> bind, CancellationToken cancellation)
    {
        try
        {
            try
            {
                return await ExecuteOnceAsync(sql, bind, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (exception is { IsTransient: true, InnerException: not TimeoutException })
            {
                // After a restart of the server every pooled connection is dead.
                _source.Clear();
                return await ExecuteOnceAsync(sql, bind, cancellation).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException exception)
        {
            throw new IOException($"The leases cannot be reached: {exception.Message}", exception);
        }
    }

    private async Task<LeaseGrant?> ExecuteOnceAsync(string sql, Action<NpgsqlBatchCommand> bind, CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                var command = new NpgsqlBatchCommand(sql);
                bind(command);
                batch.BatchCommands.Add(command);

                var sentAt = _clock.Monotonic;
                var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    if (!await rows.ReadAsync(cancellation).ConfigureAwait(false))
                    {
                        return null;
                    }

                    var grant = Grant(rows, sentAt, _clock.Monotonic);

                    // Nothing is granted before the end of the answer: only then is the commit certain.
                    await rows.NextResultAsync(cancellation).ConfigureAwait(false);
                    return grant;
                }
            }
        }
    }

    private LeaseGrant Grant(NpgsqlDataReader row, TimeSpan sentAt, TimeSpan receivedAt)
    {
        var databaseTime = SinceEpoch(row, 3);
        Observe(sentAt, databaseTime, receivedAt);
        var predecessorEndsAt = SinceEpoch(row, 2);
        return new LeaseGrant(
            row.GetInt64(0),
            SinceEpoch(row, 1),
            predecessorEndsAt <= databaseTime ? TimeSpan.Zero : _clock.WhenPassed(predecessorEndsAt),
            row.IsDBNull(4) ? null : new HandOver(row.GetString(4), _clock.WhenPassed(SinceEpoch(row, 5))));
    }

    private async Task<TimeSpan> SampleAsync(CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand("select clock_timestamp()", connection);
            await using (command.ConfigureAwait(false))
            {
                var sentAt = _clock.Monotonic;
                var databaseTime = (DateTime)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! - DateTime.UnixEpoch;
                Observe(sentAt, databaseTime, _clock.Monotonic);
                return databaseTime;
            }
        }
    }

    private async Task<TimeSpan> MeasureDifferenceAsync(CancellationToken cancellation)
    {
        var before = _time.GetUtcNow();
        var databaseTime = await SampleAsync(cancellation).ConfigureAwait(false);
        var after = _time.GetUtcNow();
        ClockAhead = before + ((after - before) / 2) - (DateTimeOffset.UnixEpoch + databaseTime);
        return ClockAhead;
    }

    private async Task<string?> FindForeignClusterAsync(CancellationToken cancellation)
    {
        var command = _source.CreateCommand(ForeignSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ClusterId });
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = _foreignLife });
            var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                return await rows.ReadAsync(cancellation).ConfigureAwait(false)
                    ? $"The cluster '{rows.GetString(1)}' uses this database: it renewed the lease of workspace '{rows.GetString(0)}' {rows.GetDouble(2):0.0} s ago. This process belongs to cluster '{ClusterId}'. Set Dispatcher:Cluster:ClusterId, or use another database."
                    : null;
            }
        }
    }

    private async Task KeepSamplingAsync()
    {
        using var timer = new PeriodicTimer(_sampleEvery, _time);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false);
                await MeasureDifferenceAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (NpgsqlException exception)
            {
                // The bounds that are known hold meanwhile, wider by the drift.
                LogClockNotRead(_logger, exception.Message);
                _source.Clear();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is: without samples every permit and every accept would end for good.
                LogClockNotRead(_logger, exception.Message);
            }
        }
    }

    private void Observe(TimeSpan sentAt, TimeSpan databaseTime, TimeSpan receivedAt)
    {
        var read = ClockBounds.Exactly(databaseTime);
        _clock.Observe(sentAt, read, receivedAt);
        _acceptClock.Observe(sentAt, read, receivedAt);
    }

    private static TimeSpan SinceEpoch(NpgsqlDataReader row, int column) => row.GetDateTime(column) - DateTime.UnixEpoch;
}
