using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Postgres.History;
using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The statements of one transaction, sent in one round trip. Consecutive appends and removals share one statement each, the appends first: a removal of one
/// row and an append of another may change places, and a row is never removed before it was posted. Every other write is a statement of its own, in its place.
/// </summary>
internal sealed partial class WriteBatch(CustomerIds customers, DropCount dropped)
{
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<IAnsweredStatement> _answered = [];
    private readonly List<NpgsqlBatchCommand> _first = [];
    private readonly List<IAnsweredStatement> _firstAnswered = [];
    private readonly List<AppendRun> _appendRuns = [];
    private readonly List<RemoveRun> _removeRuns = [];
    private readonly List<HistoryRun> _historyRuns = [];
    private readonly List<BodyRun> _bodyRuns = [];
    private int _appendRunsUsed;
    private int _removeRunsUsed;
    private int _historyRunsUsed;
    private int _bodyRunsUsed;
    private int _rowsAppended;
    private AppendRun? _appends;
    private RemoveRun? _removes;
    private HistoryRun? _history;
    private BodyRun? _bodies;

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
                new NpgsqlBatchCommand(WriteStatements.Replace)
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
                new NpgsqlBatchCommand(WriteStatements.AppendSend)
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
        var command = WithRow(refusal is null ? WriteStatements.EndSend : WriteStatements.RefuseSend, row)
            .With(answer.Status, NpgsqlDbType.Integer)
            .With(answer.Body.ToStored(), NpgsqlDbType.Text)
            .With(answer.StoredAt.UtcTicks, NpgsqlDbType.Bigint)
            .With(answer.ContentType?.ToStored(), NpgsqlDbType.Text);
        Add(refusal is null
            ? command
            : command
                .With(row.Customer.Customer.ToStored(), NpgsqlDbType.Text)
                .With(refusal.Attempts, NpgsqlDbType.Integer)
                .With(refusal.Reason.ToStored(), NpgsqlDbType.Text)
                .With(FailureCause.Of(refusal.Reason))
                .With(refusal.Holds ? row.Sequence : (long?)null, NpgsqlDbType.Bigint));
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
    public void MakeDeadLetter(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown, bool holds) =>
        Add(WithRow(WriteStatements.MakeDeadLetter, row)
            .With(row.Customer.Customer.ToStored(), NpgsqlDbType.Text)
            .With(attempts, NpgsqlDbType.Integer)
            .With(reason.ToStored(), NpgsqlDbType.Text)
            .With(diedAt.UtcTicks, NpgsqlDbType.Bigint)
            .With(isOutcomeUnknown, NpgsqlDbType.Boolean)
            .With(FailureCause.Of(reason))
            .With(holds ? row.Sequence : (long?)null, NpgsqlDbType.Bigint));

    /// <summary>Puts a dead letter that holds its queue back to its place.</summary>
    /// <param name="held">The row that the dead letter was.</param>
    /// <param name="deadline">On the database's clock, in microseconds since 1970.</param>
    /// <param name="onStored">Called if the dead letter was put back.</param>
    public void ReplayHeld(RowKey held, long deadline, Action onStored)
    {
        var customer = customers[held.Customer];
        AddAnswered(
            new NpgsqlBatchCommand(WriteStatements.ReplayHeld)
                .With(customer.Workspace, NpgsqlDbType.Smallint)
                .With(held.CallId.ToStored(), NpgsqlDbType.Uuid)
                .With(customer.Customer, NpgsqlDbType.Bigint)
                .With(held.Sequence, NpgsqlDbType.Bigint)
                .With((long)++_rowsAppended, NpgsqlDbType.Bigint)
                .With(deadline, NpgsqlDbType.Bigint),
            _ => onStored());
    }

    public void ReleaseHeld(RowKey held) =>
        Add(new NpgsqlBatchCommand("update dead_letters set held_seq = null where workspace_id = $1 and call_id = $2 and held_seq = $3")
            .With(customers[held.Customer].Workspace, NpgsqlDbType.Smallint)
            .With(held.CallId.ToStored(), NpgsqlDbType.Uuid)
            .With(held.Sequence, NpgsqlDbType.Bigint));

    public void Discard(string workspace, Ulid id, DateTimeOffset now, Action onFound)
    {
        Add(EndOfKey(workspace, id, now));
        AddAnswered(
            new NpgsqlBatchCommand("delete from dead_letters where workspace_id = $1 and call_id = $2 returning call_id")
                .With(customers[workspace], NpgsqlDbType.Smallint)
                .With(id.ToStored(), NpgsqlDbType.Uuid),
            _ => onFound());
    }

    /// <summary>Executes the statements, all or nothing, and reads what the database refused.</summary>
    public async ValueTask ExecuteAsync(NpgsqlConnection connection)
    {
        EndRuns();
        EndHistory();
        if (_commands.Count + _first.Count == 0)
        {
            return;
        }

        // A batch without an explicit transaction is one: the server commits at its end.
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var command in _first.Concat(_commands))
            {
                batch.BatchCommands.Add(command);
            }

            var rows = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                // Only statements that return rows have a result. The last call returns after the commit.
                foreach (var statement in _firstAnswered.Concat(_answered))
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
        _first.Clear();
        _firstAnswered.Clear();
        _commands.Clear();
        _answered.Clear();
        _appendRunsUsed = 0;
        _removeRunsUsed = 0;
        _historyRunsUsed = 0;
        _bodyRunsUsed = 0;
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
