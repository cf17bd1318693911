using CioOrleans.Calls;
using CioOrleans.Outbox.Postgres.Writes;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Outbox.Postgres;

/// <summary>
/// The statements of one transaction, sent in one round trip. Appends and removals that follow each other go in one statement
/// each, the appends first: a removal of one row and an append of another may change places, and nobody removes a row before
/// it was handed in. All else is a statement of its own, in its place.
/// </summary>
internal sealed class WriteBatch(CustomerIds customers)
{
    private static readonly string _bury =
        $"""
        with dead as (
            delete from calls where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 returning *
        )
        insert into dead_letters (workspace_id, customer, attempts, reason, died_at, {CallColumns.Names})
        select workspace_id, $5, $6, $7, $8, {CallColumns.Names} from dead
        on conflict (workspace_id, call_id) do update set
            customer = excluded.customer, attempts = excluded.attempts, reason = excluded.reason, died_at = excluded.died_at,
            kind = excluded.kind, limit_class = excluded.limit_class, priority = excluded.priority, accepted_at = excluded.accepted_at,
            method = excluded.method, target = excluded.target, headers = excluded.headers, other_customer = excluded.other_customer,
            body = excluded.body
        where dead_letters.kind = {(int)CallKind.MergeBarrier}
        """;

    // The letter is locked first, and deleted only when its row is stored.
    private const string ReplaceSql =
        $"""
        with letter as (
            select call_id from dead_letters where workspace_id = $1 and call_id = $2 for update
        ), advanced as (
            update customers set last_seq = $4 where id = $3 and last_seq < $4 and $16 > {AppendRun.Now} and exists (select from letter) returning id
        ), stored as (
            insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names})
            select (pg_current_xact_id()::text::bigint << 12) + $5, $1, id, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 from advanced
            on conflict do nothing
            returning seq
        ), gone as (
            delete from dead_letters where workspace_id = $1 and call_id = $2 and exists (select from stored)
        )
        select $16 <= {AppendRun.Now} where not exists (select from stored)
        """;

    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<IAnsweredStatement> _answered = [];
    private readonly List<AppendRun> _appendRuns = [];
    private readonly List<RemoveRun> _removeRuns = [];
    private int _appendRunsUsed;
    private int _removeRunsUsed;
    private int _rowsAppended;
    private AppendRun? _appends;
    private RemoveRun? _removes;

    public void Append(AppendWrite write)
    {
        if (_appends is null)
        {
            _appends = Next(_appendRuns, ref _appendRunsUsed);
            _appends.Start(_rowsAppended);
        }

        _appends.Add(customers[write.Customer], write);
    }

    public void Remove(RowKey row)
    {
        if (_removes is null)
        {
            _removes = Next(_removeRuns, ref _removeRunsUsed);
            _removes.Start();
        }

        _removes.Add(customers[row.Customer], row);
    }

    public void AppendInPlaceOf(Ulid letter, AppendWrite write)
    {
        var customer = customers[write.Customer];
        var call = write.Call;
        AddAnswered(
            new NpgsqlBatchCommand(ReplaceSql)
                .With(customer.Workspace, NpgsqlDbType.Smallint)
                .With(letter.ToStored(), NpgsqlDbType.Uuid)
                .With(customer.Customer, NpgsqlDbType.Bigint)
                .With(write.Sequence, NpgsqlDbType.Bigint)
                .With((long)++_rowsAppended, NpgsqlDbType.Bigint)
                .With(call.Id.ToStored(), NpgsqlDbType.Uuid)
                .With((short)call.Kind, NpgsqlDbType.Smallint)
                .With((short)call.LimitClass, NpgsqlDbType.Smallint)
                .With((short)call.Priority, NpgsqlDbType.Smallint)
                .With(call.AcceptedAt.UtcTicks, NpgsqlDbType.Bigint)
                .With(call.Method, NpgsqlDbType.Text)
                .With(call.Target.ToStored(), NpgsqlDbType.Text)
                .With(StoredHeaders.Write(call).ToStored(), NpgsqlDbType.Text)
                .With(call.OtherCustomer?.ToStored(), NpgsqlDbType.Text)
                .With(call.Body, NpgsqlDbType.Bytea)
                .With(write.Deadline, NpgsqlDbType.Bigint),
            row =>
            {
                if (row.GetBoolean(0))
                {
                    write.Expire();
                }
                else
                {
                    write.Refuse();
                }
            });
    }

    public void Postpone(RowKey row, int attempts, DateTimeOffset notBefore, string error) =>
        Add(WithRow(
                "update calls set attempts = $5, not_before = $6, last_error = $7 where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4",
                row)
            .With(attempts, NpgsqlDbType.Integer)
            .With(notBefore.UtcTicks, NpgsqlDbType.Bigint)
            .With(error.ToStored(), NpgsqlDbType.Text));

    /// <summary>
    /// Turns a row into a dead letter; nothing happens where the row is gone. A merge and its barrier share an id: should both
    /// be given up, the letter that can be replayed is the one to keep.
    /// </summary>
    public void Bury(RowKey row, int attempts, string reason, DateTimeOffset diedAt) =>
        Add(WithRow(_bury, row)
            .With(row.Customer.Customer.ToStored(), NpgsqlDbType.Text)
            .With(attempts, NpgsqlDbType.Integer)
            .With(reason.ToStored(), NpgsqlDbType.Text)
            .With(diedAt.UtcTicks, NpgsqlDbType.Bigint));

    public void Discard(string workspace, Ulid id, Action onFound) =>
        AddAnswered(
            new NpgsqlBatchCommand("delete from dead_letters where workspace_id = $1 and call_id = $2 returning call_id")
                .With(customers[workspace], NpgsqlDbType.Smallint)
                .With(id.ToStored(), NpgsqlDbType.Uuid),
            _ => onFound());

    public void Pause(string workspace, string? reason) =>
        Add(new NpgsqlBatchCommand("update workspaces set pause_reason = $1 where id = $2")
            .With(reason?.ToStored(), NpgsqlDbType.Text)
            .With(customers[workspace], NpgsqlDbType.Smallint));

    public void AddSecret(string name, byte[] value) =>
        Add(new NpgsqlBatchCommand("insert into secrets values ($1, $2) on conflict do nothing")
            .With(name, NpgsqlDbType.Text)
            .With(value, NpgsqlDbType.Bytea));

    public void StoreImport(string workspace, Ulid import, string state, DateTimeOffset forgetBefore)
    {
        Add(new NpgsqlBatchCommand("delete from imports where workspace_id = $1 and import_id < $2 and import_id <> $3")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(forgetBefore.FirstUlid().ToStored(), NpgsqlDbType.Uuid)
            .With(import.ToStored(), NpgsqlDbType.Uuid));
        Add(new NpgsqlBatchCommand("insert into imports values ($1, $2, $3) on conflict (workspace_id, import_id) do update set state = excluded.state")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(import.ToStored(), NpgsqlDbType.Uuid)
            .With(state, NpgsqlDbType.Text));
    }

    public void StoreSendResult(string workspace, Ulid id, SendResult result, DateTimeOffset forgetBefore)
    {
        Add(new NpgsqlBatchCommand("delete from send_results where workspace_id = $1 and stored_at < $2")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(forgetBefore.UtcTicks, NpgsqlDbType.Bigint));
        Add(new NpgsqlBatchCommand("insert into send_results (workspace_id, call_id, status, body, stored_at) values ($1, $2, $3, $4, $5) on conflict do nothing")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(id.ToStored(), NpgsqlDbType.Uuid)
            .With(result.Status, NpgsqlDbType.Integer)
            .With(result.Body.ToStored(), NpgsqlDbType.Text)
            .With(result.StoredAt.UtcTicks, NpgsqlDbType.Bigint));
    }

    /// <summary>Sends the statements, all or nothing, and hears what the database did not take.</summary>
    public async ValueTask ExecuteAsync(NpgsqlConnection connection)
    {
        EndRuns();
        if (_commands.Count == 0)
        {
            return;
        }

        // Without a transaction of its own a batch is one: the server commits at its end.
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var command in _commands)
            {
                batch.BatchCommands.Add(command);
            }

            var rows = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                // Only what answers with rows has a result. The last call returns after the commit.
                foreach (var statement in _answered)
                {
                    while (await rows.ReadAsync().ConfigureAwait(false))
                    {
                        statement.OnRow(rows);
                    }

                    await rows.NextResultAsync().ConfigureAwait(false);
                }
            }
        }

        Clear();
    }

    private void Clear()
    {
        _commands.Clear();
        _answered.Clear();
        _appendRunsUsed = 0;
        _removeRunsUsed = 0;
        _rowsAppended = 0;
    }

    private void EndRuns()
    {
        if (_appends is { Rows: > 0 })
        {
            _rowsAppended += _appends.Rows;
            _commands.Add(_appends.Command);
            _answered.Add(_appends);
        }

        if (_removes is { IsEmpty: false })
        {
            _commands.Add(_removes.Command);
        }

        _appends = null;
        _removes = null;
    }

    private void Add(NpgsqlBatchCommand command)
    {
        EndRuns();
        _commands.Add(command);
    }

    private void AddAnswered(NpgsqlBatchCommand command, Action<NpgsqlDataReader> onRow)
    {
        Add(command);
        _answered.Add(new Answer(onRow));
    }

    private NpgsqlBatchCommand WithRow(string sql, RowKey row)
    {
        var customer = customers[row.Customer];
        return new NpgsqlBatchCommand(sql)
            .With(customer.Workspace, NpgsqlDbType.Smallint)
            .With(customer.Customer, NpgsqlDbType.Bigint)
            .With(row.Sequence, NpgsqlDbType.Bigint)
            .With(row.CallId.ToStored(), NpgsqlDbType.Uuid);
    }

    private static T Next<T>(List<T> runs, ref int used)
        where T : new()
    {
        if (used == runs.Count)
        {
            runs.Add(new T());
        }

        return runs[used++];
    }

    private sealed class Answer(Action<NpgsqlDataReader> onRow) : IAnsweredStatement
    {
        public void OnRow(NpgsqlDataReader row) => onRow(row);
    }
}
