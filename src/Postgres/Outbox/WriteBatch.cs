using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The statements of one transaction, sent in one round trip. Consecutive appends and removals share one statement each, the appends first: a removal of one
/// row and an append of another may change places, and a row is never removed before it was posted. Every other write is a statement of its own, in its place.
/// </summary>
internal sealed class WriteBatch(CustomerIds customers)
{
    private static readonly string _makeDeadLetter =
        $"""
        with dead as (
            delete from calls where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 returning *
        )
        insert into dead_letters (workspace_id, customer, attempts, reason, died_at, outcome_unknown, {CallColumns.Names})
        select workspace_id, $5, $6, $7, $8, $9, {CallColumns.Names} from dead
        on conflict (workspace_id, call_id) do update set
            customer = excluded.customer, attempts = excluded.attempts, reason = excluded.reason, died_at = excluded.died_at,
            outcome_unknown = excluded.outcome_unknown,
            kind = excluded.kind, limit_class = excluded.limit_class, priority = excluded.priority, accepted_at = excluded.accepted_at,
            method = excluded.method, target = excluded.target, headers = excluded.headers, other_customer = excluded.other_customer,
            body = excluded.body
        where dead_letters.kind = {(int)CallKind.MergeBarrier}
        """;

    // The dead letter is locked first, and deleted only if its row is stored.
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
        ), answer as (
            delete from send_results where workspace_id = $1 and call_id = $2 and exists (select from stored)
        ), reopened as (
            update send_keys set ended_at = null where workspace_id = $1 and call_id = $2 and exists (select from stored)
        )
        select $16 <= {AppendRun.Now} where not exists (select from stored)
        """;

    // The customer's row is locked before the key is bound, and advanced only if the key was bound, so either both happen or none.
    // The unique key decides between writers: the later one waits for the earlier one's commit and binds nothing.
    private const string AppendSendSql =
        $"""
        with fence as (
            select id from customers where id = $2 and last_seq < $3 and $18 > {AppendRun.Now} for update
        ), bound as (
            insert into send_keys (workspace_id, name, call_id, content, customer)
            select $1, $15, $5, $16, $17 from fence
            on conflict (workspace_id, name) do nothing
            returning call_id
        ), advanced as (
            update customers set last_seq = $3 where id = $2 and exists (select from bound) returning id
        ), stored as (
            insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names})
            select (pg_current_xact_id()::text::bigint << 12) + $4, $1, id, $3, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from advanced
            returning seq
        )
        select $18 <= {AppendRun.Now} where not exists (select from stored)
        """;

    private const string EndSendSql =
        """
        with gone as (
            delete from calls where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 returning *
        ), key as (
            update send_keys set ended_at = $7 where workspace_id = $1 and call_id = $4 and exists (select from gone)
        )
        insert into send_results (workspace_id, call_id, status, body, stored_at, content_type)
        select workspace_id, call_id, $5, $6, $7, $8 from gone
        on conflict do nothing
        """;

    private static readonly string _refuseSend =
        $"""
        with gone as (
            delete from calls where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 returning *
        ), key as (
            update send_keys set ended_at = $7 where workspace_id = $1 and call_id = $4 and exists (select from gone)
        ), answer as (
            insert into send_results (workspace_id, call_id, status, body, stored_at, content_type)
            select workspace_id, call_id, $5, $6, $7, $8 from gone
            on conflict do nothing
        )
        insert into dead_letters (workspace_id, customer, attempts, reason, died_at, {CallColumns.Names})
        select workspace_id, $9, $10, $11, $7, {CallColumns.Names} from gone
        on conflict do nothing
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
        AddAnswered(
            WithCall(
                new NpgsqlBatchCommand(ReplaceSql)
                    .With(customer.Workspace, NpgsqlDbType.Smallint)
                    .With(letter.ToStored(), NpgsqlDbType.Uuid)
                    .With(customer.Customer, NpgsqlDbType.Bigint)
                    .With(write.Sequence, NpgsqlDbType.Bigint)
                    .With((long)++_rowsAppended, NpgsqlDbType.Bigint),
                write.Call)
                .With(write.Deadline, NpgsqlDbType.Bigint),
            row => Refuse(write, row));
    }

    public void AppendSend(SendKey key, AppendWrite write)
    {
        var customer = customers[write.Customer];
        AddAnswered(
            WithCall(
                new NpgsqlBatchCommand(AppendSendSql)
                    .With(customer.Workspace, NpgsqlDbType.Smallint)
                    .With(customer.Customer, NpgsqlDbType.Bigint)
                    .With(write.Sequence, NpgsqlDbType.Bigint)
                    .With((long)++_rowsAppended, NpgsqlDbType.Bigint),
                write.Call)
                .With(key.Name.ToStored(), NpgsqlDbType.Uuid)
                .With(key.Content.ToStored(), NpgsqlDbType.Uuid)
                .With(write.Customer.Customer.ToStored(), NpgsqlDbType.Text)
                .With(write.Deadline, NpgsqlDbType.Bigint),
            row => Refuse(write, row));
    }

    public void BeginSend(RowKey row, Guid attempt, Action onBegun) =>
        AddAnswered(
            WithRow(
                """
                update calls set send_attempt = $5
                where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 and (send_attempt is null or send_attempt = $5)
                returning 1
                """,
                row)
                .With(attempt, NpgsqlDbType.Uuid),
            _ => onBegun());

    public void EndSend(RowKey row, SendResult answer, SendRefusal? refusal)
    {
        var command = WithRow(refusal is null ? EndSendSql : _refuseSend, row)
            .With(answer.Status, NpgsqlDbType.Integer)
            .With(answer.Body.ToStored(), NpgsqlDbType.Text)
            .With(answer.StoredAt.UtcTicks, NpgsqlDbType.Bigint)
            .With(answer.ContentType?.ToStored(), NpgsqlDbType.Text);
        Add(refusal is null
            ? command
            : command
                .With(row.Customer.Customer.ToStored(), NpgsqlDbType.Text)
                .With(refusal.Attempts, NpgsqlDbType.Integer)
                .With(refusal.Reason.ToStored(), NpgsqlDbType.Text));
    }

    public void Postpone(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent) =>
        Add(WithRow(
                """
                update calls set attempts = $5, not_before = $6, last_error = $7, send_attempt = nullif(send_attempt, $8)
                where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4
                """,
                row)
            .With(attempts, NpgsqlDbType.Integer)
            .With(notBefore.UtcTicks, NpgsqlDbType.Bigint)
            .With(error.ToStored(), NpgsqlDbType.Text)
            .With(unsent, NpgsqlDbType.Uuid));

    /// <summary>
    /// Makes a dead letter of a row; no effect if the row is gone. A merge and its barrier share an id. If both become dead letters, the merge is kept, because
    /// only a merge can be replayed.
    /// </summary>
    public void MakeDeadLetter(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown) =>
        Add(WithRow(_makeDeadLetter, row)
            .With(row.Customer.Customer.ToStored(), NpgsqlDbType.Text)
            .With(attempts, NpgsqlDbType.Integer)
            .With(reason.ToStored(), NpgsqlDbType.Text)
            .With(diedAt.UtcTicks, NpgsqlDbType.Bigint)
            .With(isOutcomeUnknown, NpgsqlDbType.Boolean));

    public void Discard(string workspace, Ulid id, DateTimeOffset now, Action onFound)
    {
        Add(EndOfKey(workspace, id, now));
        AddAnswered(
            new NpgsqlBatchCommand("delete from dead_letters where workspace_id = $1 and call_id = $2 returning call_id")
                .With(customers[workspace], NpgsqlDbType.Smallint)
                .With(id.ToStored(), NpgsqlDbType.Uuid),
            _ => onFound());
    }

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

    /// <summary>Deletes old answers and keys.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="before">Only older ones are deleted.</param>
    /// <param name="limit">The maximum number of answers, and of keys.</param>
    /// <param name="onMore">Called if a limit was reached.</param>
    public void ForgetSends(string workspace, DateTimeOffset before, int limit, Action onMore) =>
        AddAnswered(
            new NpgsqlBatchCommand(
                """
                with results as (
                    delete from send_results where workspace_id = $1 and call_id in (
                        select call_id from send_results where workspace_id = $1 and stored_at < $2 limit $3)
                    returning 1
                ), keys as (
                    delete from send_keys where workspace_id = $1 and name in (
                        select name from send_keys where workspace_id = $1 and ended_at < $2 limit $3)
                    returning 1
                )
                select 1 where (select count(*) from results) = $3 or (select count(*) from keys) = $3
                """)
                .With(customers[workspace], NpgsqlDbType.Smallint)
                .With(before.UtcTicks, NpgsqlDbType.Bigint)
                .With((long)limit, NpgsqlDbType.Bigint),
            _ => onMore());

    public void StoreAudit(AuditEntry entry, DateTimeOffset forgetBefore)
    {
        Add(new NpgsqlBatchCommand("delete from audit where entry_id < $1").With(IAuditStore.FirstAt(forgetBefore).ToStored(), NpgsqlDbType.Uuid));
        Add(new NpgsqlBatchCommand("insert into audit values ($1, $2, $3, $4, $5) on conflict (entry_id) do update set status = excluded.status")
            .With(entry.Id.ToStored(), NpgsqlDbType.Uuid)
            .With(entry.Caller.ToStored(), NpgsqlDbType.Text)
            .With(entry.Action.ToStored(), NpgsqlDbType.Text)
            .With(entry.Selection.ToStored(), NpgsqlDbType.Text)
            .With(entry.Status, NpgsqlDbType.Integer));
    }

    /// <summary>Executes the statements, all or nothing, and reads what the database refused.</summary>
    public async ValueTask ExecuteAsync(NpgsqlConnection connection)
    {
        EndRuns();
        if (_commands.Count == 0)
        {
            return;
        }

        // A batch without an explicit transaction is one: the server commits at its end.
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
                // Only statements that return rows have a result. The last call returns after the commit.
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

    /// <summary>Reads why an append was refused; the column is true if its deadline had passed.</summary>
    private static void Refuse(AppendWrite write, NpgsqlDataReader row)
    {
        if (row.GetBoolean(0))
        {
            write.Expire();
        }
        else
        {
            write.Refuse();
        }
    }

    private NpgsqlBatchCommand EndOfKey(string workspace, Ulid callId, DateTimeOffset endedAt) =>
        new NpgsqlBatchCommand("update send_keys set ended_at = $3 where workspace_id = $1 and call_id = $2 and ended_at is null")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(callId.ToStored(), NpgsqlDbType.Uuid)
            .With(endedAt.UtcTicks, NpgsqlDbType.Bigint);

    private static NpgsqlBatchCommand WithCall(NpgsqlBatchCommand command, Call call) => command
        .With(call.Id.ToStored(), NpgsqlDbType.Uuid)
        .With((short)call.Kind, NpgsqlDbType.Smallint)
        .With((short)call.LimitClass, NpgsqlDbType.Smallint)
        .With((short)call.Priority, NpgsqlDbType.Smallint)
        .With(call.AcceptedAt.UtcTicks, NpgsqlDbType.Bigint)
        .With(call.Method, NpgsqlDbType.Text)
        .With(call.Target.ToStored(), NpgsqlDbType.Text)
        .With(StoredHeaders.Write(call).ToStored(), NpgsqlDbType.Text)
        .With(call.OtherCustomer?.ToStored(), NpgsqlDbType.Text)
        .With(call.Body, NpgsqlDbType.Bytea);

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
