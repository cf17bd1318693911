using System.Net;
using CioOrleans.Postgres.Outbox;
using Npgsql;
using NpgsqlTypes;
using Orleans.GrainDirectory;

namespace CioOrleans.Postgres.Leasing;

/// <summary>
/// The owners' directory of a cluster: a row a workspace in the database of the membership table. Each statement decides by the status of
/// the registered silo in that table: a registration can be taken over, or removed by others, only once its silo is dead there. So a silo
/// with an old view of the cluster cannot make a second owner. Every call throws an <see cref="IOException"/> while the database is away.
/// </summary>
public sealed class PostgresOwnerDirectory : IGrainDirectory, IAsyncDisposable
{
    private const int DeadStatus = (int)SiloStatus.Dead;

    // Of the row "o". A silo that is not in the table was dead for so long that its row is gone.
    private static readonly string _isAlive =
        $"""
        exists (
            select from OrleansMembershipTable m
            where m.DeploymentId = o.cluster_id and m.Address = o.address and m.Port = o.port and m.Generation = o.generation and m.Status <> {DeadStatus})
        """;

    private static readonly string _registerSql =
        $"""
        insert into owners as o (cluster_id, grain, address, port, generation, activation, membership_version)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (cluster_id, grain) do update set
            address = excluded.address,
            port = excluded.port,
            generation = excluded.generation,
            activation = excluded.activation,
            membership_version = excluded.membership_version,
            registered_at = now()
        where o.activation = excluded.activation or o.activation = $8 or not {_isAlive}
        """;

    private static readonly string _unregisterSql =
        $"""
        delete from owners o
        where o.cluster_id = $1 and o.grain = $2 and o.activation = $3 and ((o.address = $4 and o.port = $5 and o.generation = $6) or not {_isAlive})
        """;

    private static readonly string _unregisterSiloSql =
        $"delete from owners o where o.cluster_id = $1 and o.address = $2 and o.port = $3 and o.generation = $4 and not {_isAlive}";

    private const string LookupSql =
        "select address, port, generation, activation, membership_version from owners where cluster_id = $1 and grain = $2";

    private readonly NpgsqlDataSource _source;
    private readonly string _clusterId;
    private readonly SiloAddress _self;
    private readonly LookupGate _gate;

    /// <param name="connectionString">Of the database that holds the membership table. Time-outs that it does not set are 2 s.</param>
    /// <param name="clusterId">Registrations of other clusters are not seen.</param>
    /// <param name="self">This silo.</param>
    /// <param name="time">The monotonic clock.</param>
    public PostgresOwnerDirectory(string connectionString, string clusterId, SiloAddress self, TimeProvider time)
    {
        _gate = new LookupGate(time);
        _source = PostgresConnections.ForLeases(connectionString);
        _clusterId = clusterId;
        _self = self;
    }

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, previousAddress: null);

    /// <inheritdoc/>
    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        await ExecuteAsync(_registerSql, command => Silo(command
            .With(_clusterId, NpgsqlDbType.Varchar)
            .With(address.GrainId.ToString(), NpgsqlDbType.Text), address.SiloAddress!)
            .With(address.ActivationId.ToParsableString(), NpgsqlDbType.Text)
            .With(address.MembershipVersion.Value, NpgsqlDbType.Bigint)
            .With(previousAddress?.ActivationId.ToParsableString(), NpgsqlDbType.Text)).ConfigureAwait(false);
        return await FindAsync(address.GrainId).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task Unregister(GrainAddress address) => ExecuteAsync(_unregisterSql, command => Silo(command
        .With(_clusterId, NpgsqlDbType.Varchar)
        .With(address.GrainId.ToString(), NpgsqlDbType.Text)
        .With(address.ActivationId.ToParsableString(), NpgsqlDbType.Text), _self));

    /// <inheritdoc/>
    /// <remarks>While the database is away most look-ups fail at once, and do not wait for a time-out.</remarks>
    public async Task<GrainAddress?> Lookup(GrainId grainId)
    {
        if (!_gate.MayTry())
        {
            throw new IOException("The owners' directory could not be reached a moment ago.");
        }

        try
        {
            var found = await FindAsync(grainId).ConfigureAwait(false);
            _gate.OnReached();
            return found;
        }
        catch
        {
            _gate.OnFailed();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task UnregisterSilos(List<SiloAddress> siloAddresses)
    {
        foreach (var silo in siloAddresses)
        {
            await ExecuteAsync(_unregisterSiloSql, command => Silo(command.With(_clusterId, NpgsqlDbType.Varchar), silo)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _source.DisposeAsync().ConfigureAwait(false);

    private async Task<GrainAddress?> FindAsync(GrainId grainId)
    {
        GrainAddress? found = null;
        await ExecuteAsync(
            LookupSql,
            command => command.With(_clusterId, NpgsqlDbType.Varchar).With(grainId.ToString(), NpgsqlDbType.Text),
            row => found = new GrainAddress
            {
                GrainId = grainId,
                SiloAddress = SiloAddress.New(IPAddress.Parse(row.GetString(0)), row.GetInt32(1), row.GetInt32(2)),
                ActivationId = ActivationId.FromParsableString(row.GetString(3)),
                MembershipVersion = new MembershipVersion(row.GetInt64(4)),
            }).ConfigureAwait(false);
        return found;
    }

    private static NpgsqlBatchCommand Silo(NpgsqlBatchCommand command, SiloAddress silo) => command
        .With(silo.Endpoint.Address.ToString(), NpgsqlDbType.Varchar)
        .With(silo.Endpoint.Port, NpgsqlDbType.Integer)
        .With(silo.Generation, NpgsqlDbType.Integer);

    /// <summary>Every statement may be repeated.</summary>
    private async Task ExecuteAsync(string sql, Action<NpgsqlBatchCommand> bind, Action<NpgsqlDataReader>? read = null)
    {
        try
        {
            try
            {
                await ExecuteOnceAsync(sql, bind, read).ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (exception is { IsTransient: true, InnerException: not TimeoutException })
            {
                // After a restart of the server every pooled connection is dead.
                _source.Clear();
                await ExecuteOnceAsync(sql, bind, read).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException exception)
        {
            throw new IOException($"The owners' directory cannot be reached: {exception.Message}", exception);
        }
    }

    private async Task ExecuteOnceAsync(string sql, Action<NpgsqlBatchCommand> bind, Action<NpgsqlDataReader>? read)
    {
        var connection = await _source.OpenConnectionAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                var command = new NpgsqlBatchCommand(sql);
                bind(command);
                batch.BatchCommands.Add(command);
                var rows = await batch.ExecuteReaderAsync().ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    while (await rows.ReadAsync().ConfigureAwait(false))
                    {
                        read?.Invoke(rows);
                    }
                }
            }
        }
    }
}
