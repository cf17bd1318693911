using CioOrleans.Calls;

namespace CioOrleans.Postgres.Outbox;

/// <summary>The statements that change one call. Each is atomic and says by its answer what it refused.</summary>
internal static class WriteStatements
{
    public static readonly string MakeDeadLetter =
        $"""
        with dead as (
            delete from calls where workspace_id = $1 and customer_id = $2 and seq = $3 and call_id = $4 returning *
        )
        insert into dead_letters (workspace_id, customer, attempts, reason, died_at, outcome_unknown, status, cause, held_seq, {CallColumns.Names})
        select workspace_id, $5, $6, $7, $8, $9, $10, $11, $12, {CallColumns.Names} from dead
        on conflict (workspace_id, call_id) do update set
            customer = excluded.customer, attempts = excluded.attempts, reason = excluded.reason, died_at = excluded.died_at,
            outcome_unknown = excluded.outcome_unknown, status = excluded.status, cause = excluded.cause, held_seq = excluded.held_seq,
            kind = excluded.kind, limit_class = excluded.limit_class, priority = excluded.priority, accepted_at = excluded.accepted_at,
            method = excluded.method, target = excluded.target, headers = excluded.headers, other_customer = excluded.other_customer,
            body = excluded.body
        where dead_letters.kind = {(int)CallKind.MergeBarrier}
        """;

    // The dead letter is locked first, and deleted only if its row is stored.
    public const string Replace =
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

    // The sequence was given out before, so the fence stays. The dead letter's row is locked first: of two replays, a discard and a release one has an effect.
    public const string ReplayHeld =
        $"""
        with letter as (
            select call_id from dead_letters where workspace_id = $1 and call_id = $2 and held_seq = $4 and $6 > {AppendRun.Now} for update
        ), stored as (
            insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names})
            select (pg_current_xact_id()::text::bigint << 12) + $5, workspace_id, $3, held_seq, {CallColumns.Names}
            from dead_letters where workspace_id = $1 and call_id in (select call_id from letter)
            returning seq
        ), gone as (
            delete from dead_letters where workspace_id = $1 and call_id = $2 and exists (select from stored)
        ), answer as (
            delete from send_results where workspace_id = $1 and call_id = $2 and exists (select from stored)
        ), reopened as (
            update send_keys set ended_at = null where workspace_id = $1 and call_id = $2 and exists (select from stored)
        )
        select seq from stored
        """;

    // The customer's row is locked before the key is bound, and advanced only if the key was bound, so either both happen or none.
    // The unique key decides between writers: the later one waits for the earlier one's commit and binds nothing.
    public const string AppendSend =
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

    public const string EndSend =
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

    public static readonly string RefuseSend =
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
        insert into dead_letters (workspace_id, customer, attempts, reason, died_at, status, cause, held_seq, {CallColumns.Names})
        select workspace_id, $9, $10, $11, $7, $12, $13, $14, {CallColumns.Names} from gone
        on conflict do nothing
        """;
}
