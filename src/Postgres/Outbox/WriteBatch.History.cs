using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.History;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>Rows of the history. All of a transaction share one statement at its begin, where the calls that the transaction ends are still there.</summary>
internal sealed partial class WriteBatch
{
    private readonly HashSet<string> _knownSilos = new(StringComparer.Ordinal);

    /// <summary>Whether rows of the history are stored in this transaction.</summary>
    public bool KeepsHistory { get; set; }

    /// <summary>Whether their bodies are.</summary>
    public bool KeepsBodies { get; set; }

    /// <summary>Adds a row; null for none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isEndOfCall">Whether the transaction ends the call of the row.</param>
    public void Record(HistoryRow? row, bool isEndOfCall)
    {
        if (row is null)
        {
            return;
        }

        if (!KeepsHistory)
        {
            dropped.Add(1, row.Sent ?? row.Ended);
            return;
        }

        if (_history is null || _history.Silo != row.Silo)
        {
            EndHistory();
            AddSilo(row.Silo);
            _history = Next(_historyRuns, ref _historyRunsUsed);
            _history.Start(row.Silo, dropped);
        }

        var number = row.Customer is { } customer ? customers[new CustomerAddress(row.Workspace, customer)].Customer : 0;
        _history.Add(row, customers[row.Workspace], number, isEndOfCall);
        if (row.Body is { } body && KeepsBodies)
        {
            if (_bodies is null)
            {
                _bodies = Next(_bodyRuns, ref _bodyRunsUsed);
                _bodies.Start();
            }

            _bodies.Add(row.Id, number, body);
        }
    }

    public void Note(string? workspace, HistoryNote note) =>
        Add(new NpgsqlBatchCommand("insert into history_notes (workspace_id, kind, at, note) values ($1, $2, $3, $4)")
            .With(workspace is null ? (short)0 : customers[workspace], NpgsqlDbType.Smallint)
            .With(HistoryNoteText.KindOf(note), NpgsqlDbType.Text)
            .With(note.At, NpgsqlDbType.Bigint)
            .With(HistoryNoteText.Write(note), NpgsqlDbType.Text));

    /// <summary>Removes what tells of a customer from rows.</summary>
    public void Erase(CustomerAddress customer, long[] ids)
    {
        Add(new NpgsqlBatchCommand(
            """
            update history set customer_id = 0, seq = 0, kind = null, accepted_at = 0, event_key = null, call_id = null, import_id = null, reason = null,
                trace_id = null
            where id = any ($1) and customer_id = $2
            """)
            .With(ids, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(customers[customer].Customer, NpgsqlDbType.Bigint));
        if (KeepsBodies)
        {
            Add(new NpgsqlBatchCommand("delete from history_bodies where id = any ($1) and customer_id = $2")
                .With(ids, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
                .With(customers[customer].Customer, NpgsqlDbType.Bigint));
        }
    }

    private void AddSilo(string silo)
    {
        if (_knownSilos.Add(silo))
        {
            _first.Add(new NpgsqlBatchCommand("insert into history_silos (name) select $1 where not exists (select from history_silos where name = $1) on conflict do nothing")
                .With(silo, NpgsqlDbType.Text));
        }
    }

    private void EndHistory()
    {
        if (_history is { IsEmpty: false } history)
        {
            _first.Add(history.Command);
            _firstAnswered.Add(history);
        }

        if (_bodies is { } bodies)
        {
            _first.Add(bodies.Command);
        }

        (_history, _bodies) = (null, null);
    }
}
