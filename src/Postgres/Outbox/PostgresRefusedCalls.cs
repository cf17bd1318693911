using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The refused calls in the outbox's database. They are written over the connections for reads and not in the groups of the writers, so that no accept waits
/// for them.
/// </summary>
/// <param name="outbox">The outbox, whose connections are used.</param>
public sealed class PostgresRefusedCalls(PostgresOutbox outbox) : IRefusedCallStore
{
    private const string Columns = "refused_id, type, reason, problem, path, batch_index, message_id, persons, size";

    public async ValueTask<WriteResult> KeepRefusedAsync(string workspace, IReadOnlyList<RefusedCall> calls)
    {
        if (calls.Count == 0)
        {
            return WriteResult.Written.Instance;
        }

        try
        {
            await outbox.Connections.ReadAsync([.. calls.Select(call => Insert(workspace, call))], _ => Task.FromResult(true), CancellationToken.None).ConfigureAwait(false);
            return WriteResult.Written.Instance;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            return new WriteResult.Unavailable(PostgresFailure.Reason(exception));
        }
    }

    public ValueTask<IReadOnlyList<RefusedCall>> ReadRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default)
    {
        var query = new NpgsqlBatchCommand(
            $"select {Columns} from refused_calls where workspace = $1 and ($2 is null or refused_id < $2) order by refused_id desc limit $3")
            .With(workspace, NpgsqlDbType.Text)
            .With(before?.ToStored(), NpgsqlDbType.Uuid)
            .With((long)limit, NpgsqlDbType.Bigint);
        return ListAsync(query, Refused, cancellation);
    }

    public async ValueTask<RefusedCall?> FindRefusedAsync(string workspace, Ulid id, CancellationToken cancellation = default)
    {
        var query = new NpgsqlBatchCommand($"select {Columns}, body from refused_calls where workspace = $1 and refused_id = $2")
            .With(workspace, NpgsqlDbType.Text)
            .With(id.ToStored(), NpgsqlDbType.Uuid);
        var found = await ListAsync(query, row => Refused(row) with { Body = row.GetFieldValue<byte[]>(9) }, cancellation).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    public ValueTask<IReadOnlyList<Ulid>> FindRefusedOfAsync(string workspace, string person, int limit, CancellationToken cancellation = default)
    {
        var query = new NpgsqlBatchCommand("select refused_id from refused_calls where workspace = $1 and position($2 in persons) > 0 order by refused_id limit $3")
            .With(workspace, NpgsqlDbType.Text)
            .With(RefusedPersons.ToPattern(person).ToStored(), NpgsqlDbType.Text)
            .With((long)limit, NpgsqlDbType.Bigint);
        return ListAsync(query, row => row.GetGuid(0).ToUlid(), cancellation);
    }

    public ValueTask<IReadOnlyList<RefusedSize>> ReadOldestRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default)
    {
        var query = new NpgsqlBatchCommand(
            "select refused_id, kept_bytes from refused_calls where workspace = $1 and ($2 is null or refused_id < $2) order by refused_id limit $3")
            .With(workspace, NpgsqlDbType.Text)
            .With(before?.ToStored(), NpgsqlDbType.Uuid)
            .With((long)limit, NpgsqlDbType.Bigint);
        return ListAsync(query, row => new RefusedSize(row.GetGuid(0).ToUlid(), row.GetInt32(1)), cancellation);
    }

    public async ValueTask<RefusedTotal> CountRefusedAsync(string workspace, CancellationToken cancellation = default)
    {
        var query = new NpgsqlBatchCommand("select count(*), coalesce(sum(kept_bytes), 0)::bigint from refused_calls where workspace = $1").With(workspace, NpgsqlDbType.Text);
        return (await ListAsync(query, row => new RefusedTotal(row.GetInt64(0), row.GetInt64(1)), cancellation).ConfigureAwait(false))[0];
    }

    public async ValueTask<int> DeleteRefusedAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        var delete = new NpgsqlBatchCommand("delete from refused_calls where workspace = $1 and refused_id = any($2)")
            .With(workspace, NpgsqlDbType.Text)
            .With(ids.Select(id => id.ToStored()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        try
        {
            return await outbox.Connections.ReadAsync([delete], rows => Task.FromResult(rows.RecordsAffected), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new IOException(PostgresFailure.Reason(exception), exception);
        }
    }

    private static NpgsqlBatchCommand Insert(string workspace, RefusedCall call) =>
        new NpgsqlBatchCommand(
            """
            insert into refused_calls (workspace, refused_id, kept_bytes, type, reason, problem, path, batch_index, message_id, persons, size, body)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With(call.Id.ToStored(), NpgsqlDbType.Uuid)
            .With(call.Body.Length, NpgsqlDbType.Integer)
            .With(call.Type?.ToStored(), NpgsqlDbType.Text)
            .With((short)call.Reason, NpgsqlDbType.Smallint)
            .With(call.Problem.ToStored(), NpgsqlDbType.Text)
            .With(call.Path.ToStored(), NpgsqlDbType.Text)
            .With(call.Index, NpgsqlDbType.Integer)
            .With(call.MessageId?.ToStored(), NpgsqlDbType.Text)
            .With(RefusedPersons.ToText(call.Persons).ToStored(), NpgsqlDbType.Text)
            .With(call.Size, NpgsqlDbType.Integer)
            .With(call.Body, NpgsqlDbType.Bytea);

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(NpgsqlBatchCommand query, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        await outbox.Connections.ReadAsync<IReadOnlyList<T>>(
            [query],
            async rows =>
            {
                List<T> found = [];
                while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    found.Add(read(rows));
                }

                return found;
            },
            cancellation).ConfigureAwait(false);

    private static RefusedCall Refused(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0).ToUlid(),
        Type = TextOrNull(row, 1),
        Reason = (CallDefect)row.GetInt16(2),
        Problem = row.GetString(3).FromStored(),
        Path = row.GetString(4).FromStored(),
        Index = row.IsDBNull(5) ? null : row.GetInt32(5),
        MessageId = TextOrNull(row, 6),
        Persons = RefusedPersons.FromText(row.GetString(7).FromStored()),
        Size = row.GetInt32(8),
    };

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column).FromStored();
}
