using CioOrleans.Auditing;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>Writes that are not part of an accept or a delivery: pauses, secrets, imports, old sends and the audit trail.</summary>
internal sealed partial class WriteBatch
{
    public void Pause(string workspace, string? reason) =>
        Add(new NpgsqlBatchCommand("update workspaces set pause_reason = $1 where id = $2")
            .With(reason?.ToStored(), NpgsqlDbType.Text)
            .With(customers[workspace], NpgsqlDbType.Smallint));

    public void StoreReplay(string workspace, string state) =>
        Add(new NpgsqlBatchCommand("update workspaces set history_replay = $1 where id = $2")
            .With(state.ToStored(), NpgsqlDbType.Text)
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

    /// <summary>Stores the causes of dead letters that have none.</summary>
    public void StoreCauses(string workspace, IReadOnlyList<(Ulid Id, FailureCause Cause)> letters) =>
        Add(new NpgsqlBatchCommand(
            """
            update dead_letters d set status = c.status, cause = c.cause
            from unnest($2, $3, $4) c (call_id, status, cause)
            where d.workspace_id = $1 and d.call_id = c.call_id and d.cause is null
            """)
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(letters.Select(letter => letter.Id.ToStored()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(letters.Select(letter => (short)letter.Cause.Status).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
            .With(letters.Select(letter => letter.Cause.Key).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint));

    /// <summary>Deletes dead letters.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="ids">Their ids.</param>
    /// <param name="now">When it is (UTC).</param>
    /// <param name="onFound">Called for each dead letter that there was, with its customer if it held the customer's queue.</param>
    public void DiscardMany(string workspace, IReadOnlyList<Ulid> ids, DateTimeOffset now, Action<HeldCustomer?> onFound)
    {
        var stored = ids.Select(id => id.ToStored()).ToArray();
        Add(new NpgsqlBatchCommand("update send_keys set ended_at = $3 where workspace_id = $1 and call_id = any($2) and ended_at is null")
            .With(customers[workspace], NpgsqlDbType.Smallint)
            .With(stored, NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(now.UtcTicks, NpgsqlDbType.Bigint));
        AddAnswered(
            new NpgsqlBatchCommand(
                $"delete from dead_letters where workspace_id = $1 and call_id = any($2) returning held_seq is not null, customer, {OutboxReader.HeldColumns}")
                .With(customers[workspace], NpgsqlDbType.Smallint)
                .With(stored, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            row => onFound(row.GetBoolean(0) ? new HeldCustomer(row.GetString(1).FromStored(), OutboxReader.Held(row, 2)) : null));
    }

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
}
