using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>All reads except those of a customer's queue. Each is one statement, so it sees one state. Positions are read before it.</summary>
internal sealed class OutboxReader(ReaderPool pool)
{
    private const string WorkspaceId = "(select id from workspaces where name = $1)";

    /// <summary>
    /// Every transaction that a later snapshot may miss has an id from this position on. Rows that were already read may be read again, but no row is missed. A
    /// transaction that stays open anywhere on the server holds the position back, which costs time and is still correct.
    /// </summary>
    private const string Position = "select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 12) - 1";

    private const string HeadColumns = "h.limit_class, h.priority, h.attempts, h.not_before";

    /// <summary>
    /// Walks over the index while queues are short, because passing ten entries costs less than a jump to the next customer. After ten entries for each head it
    /// jumps from customer to customer, so that the cost depends on customers and not on rows.
    /// </summary>
    private const string HeadsSql =
        $"""
        with recursive w as (
            select {WorkspaceId} as id
        ), walked as materialized (
            select distinct on (customer_id) workspace_id, customer_id, limit_class, priority, attempts, not_before
            from (
                select workspace_id, customer_id, seq, limit_class, priority, attempts, not_before from calls
                where workspace_id = (select id from w) and customer_id > $2 order by customer_id, seq limit 10 * $3
            ) entries
            order by customer_id, seq
            limit $3
        ), jumped as (
            (select k.* from (select coalesce(max(customer_id), $2) as customer_id from walked) last
            cross join lateral (
                select workspace_id, customer_id, limit_class, priority, attempts, not_before from calls
                where workspace_id = (select id from w) and customer_id > last.customer_id order by customer_id, seq limit 1
            ) k)
            union all
            select k.*
            from jumped
            cross join lateral (
                select workspace_id, customer_id, limit_class, priority, attempts, not_before from calls
                where workspace_id = jumped.workspace_id and customer_id > jumped.customer_id order by customer_id, seq limit 1
            ) k
        )
        select h.customer_id, c.key, {HeadColumns}
        from (select * from walked union all select * from jumped limit $3) h
        join customers c on c.id = h.customer_id
        """;

    // "is not true" keeps the planner from turning the lookup into a join: it stays a hashed list. A join would compare each row with each customer seen.
    internal const string NewWorkSql =
        $"""
        with fresh as materialized (
            select position, workspace_id, customer_id from calls
            where workspace_id = {WorkspaceId} and position > $2
            order by position
            limit $3
        )
        select page.next, h.key, {HeadColumns}, h.customer_id
        from (select case when count(*) = $3 then max(position) end as next from fresh) page
        left join (
            select c.key, h.*, f.customer_id
            from (
                select distinct workspace_id, customer_id from fresh
                where (customer_id in (select unnest($4::bigint[]))) is not true
            ) f
            cross join lateral (
                select limit_class, priority, attempts, not_before from calls
                where workspace_id = f.workspace_id and customer_id = f.customer_id order by seq limit 1
            ) h
            join customers c on c.id = f.customer_id
        ) h on true
        """;

    private const string LetterColumns = $"customer, attempts, reason, died_at, outcome_unknown, held_seq, {CallColumns.Names}";

    /// <summary>The columns of a <see cref="HeldCall"/>.</summary>
    public static readonly string HeldColumns = $"call_id, held_seq, kind, left(reason, {IDeadLetterStore.SelectedReason}), died_at, other_customer";

    /// <summary>The maximum number of rows that one page of <c>FindCalls</c> reads.</summary>
    private const int MaxRowsScanned = 20_000;

    /// <summary>In seconds.</summary>
    private const int CountTimeout = 60;

    public Task<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(HeadsSql)
            .With(workspace, NpgsqlDbType.Text)
            .With(after ?? 0, NpgsqlDbType.Bigint)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync([new NpgsqlBatchCommand(Position), query], async rows =>
        {
            var position = await PositionAsync(rows, cancellation).ConfigureAwait(false);
            List<CustomerHead> heads = [];
            var last = 0L;
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                last = Math.Max(last, rows.GetInt64(0));
                heads.Add(Head(rows));
            }

            return new HeadPage(heads, heads.Count == limit ? last : null, position);
        }, cancellation);
    }

    public Task<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, HashSet<long> seen, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(NewWorkSql)
            .With(workspace, NpgsqlDbType.Text)
            .With(position, NpgsqlDbType.Bigint)
            .With((long)limit, NpgsqlDbType.Bigint)
            .With(seen.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        return pool.ReadAsync([new NpgsqlBatchCommand(Position), query], async rows =>
        {
            var reached = await PositionAsync(rows, cancellation).ConfigureAwait(false);
            List<CustomerHead> heads = [];
            long? next = null;
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                next = rows.IsDBNull(0) ? null : rows.GetInt64(0);

                // A page of which every customer was seen before has one row without a customer.
                if (!rows.IsDBNull(1))
                {
                    heads.Add(Head(rows));
                    seen.Add(rows.GetInt64(6));
                }
            }

            return new HeadPage(heads, next, reached);
        }, cancellation);
    }

    public Task<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation) =>
        pool.ReadAsync(
            [
                new NpgsqlBatchCommand(
                    $"""
                    select count(*) from (
                        select from calls
                        where workspace_id = {WorkspaceId}
                            and customer_id = (select id from customers where workspace_id = {WorkspaceId} and key = $2)
                        order by customer_id, seq limit $3
                    ) counted
                    """)
                    .With(customer.Workspace, NpgsqlDbType.Text)
                    .With(customer.Customer.ToStored(), NpgsqlDbType.Text)
                    .With((long)atMost, NpgsqlDbType.Bigint),
            ],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetInt64(0) : 0,
            cancellation);

    public Task<long> CountWaitingAsync(string workspace, CancellationToken cancellation) =>
        CountAsync("calls", workspace, cancellation);

    public Task<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation) =>
        CountAsync("dead_letters", workspace, cancellation);

    public Task<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            select {LetterColumns} from (
                select *, sum(octet_length(body)) over (order by call_id) - octet_length(body) as before
                from (select * from dead_letters where workspace_id = {WorkspaceId} and ($2 is null or call_id > $2) order by call_id limit $3) found
            ) page
            where before < {IDeadLetterStore.PageBytes} order by call_id
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With(after?.ToStored(), NpgsqlDbType.Uuid)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync([query], async rows =>
        {
            var letters = await LettersAsync(rows, cancellation).ConfigureAwait(false);
            var isCut = letters.Count == limit || letters.Sum(letter => (long)letter.Call.Body.Length) >= IDeadLetterStore.PageBytes;
            return new DeadLetterPage(letters, isCut ? letters[^1].Call.Id : null);
        }, cancellation);
    }

    public Task<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand($"select {LetterColumns} from dead_letters where workspace_id = {WorkspaceId} and call_id = $2")
            .With(workspace, NpgsqlDbType.Text)
            .With(id.ToStored(), NpgsqlDbType.Uuid);
        return pool.ReadAsync([query], async rows => (await LettersAsync(rows, cancellation).ConfigureAwait(false)).SingleOrDefault(), cancellation);
    }

    /// <summary>Reads <see cref="HeldColumns"/>; <paramref name="column"/> is the index of the first.</summary>
    public static HeldCall Held(NpgsqlDataReader row, int column) => new(
        row.GetGuid(column).ToUlid(),
        row.GetInt64(column + 1),
        (CallKind)row.GetInt16(column + 2),
        row.GetString(column + 3).FromStored(),
        row.GetInt64(column + 4).ToTime(),
        row.IsDBNull(column + 5) ? null : row.GetString(column + 5).FromStored());

    public Task<HeldCustomerPage> ReadHeldAsync(string workspace, string? after, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            select customer, {HeldColumns} from dead_letters
            where workspace_id = {WorkspaceId} and held_seq is not null and customer > $2 order by customer limit $3
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With((after ?? "").ToStored(), NpgsqlDbType.Text)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync([query], async rows =>
        {
            List<HeldCustomer> customers = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                customers.Add(new HeldCustomer(rows.GetString(0).FromStored(), Held(rows, 1)));
            }

            return new HeldCustomerPage(customers, customers.Count == limit ? customers[^1].Customer : null);
        }, cancellation);
    }

    /// <summary>Dead letters whose causes are not stored, with their causes.</summary>
    public Task<IReadOnlyList<(Ulid Id, FailureCause Cause)>> ReadCauselessAsync(string workspace, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand($"select call_id, reason from dead_letters where workspace_id = {WorkspaceId} and cause is null limit $2")
            .With(workspace, NpgsqlDbType.Text)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync<IReadOnlyList<(Ulid, FailureCause)>>([query], async rows =>
        {
            List<(Ulid, FailureCause)> letters = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                letters.Add((rows.GetGuid(0).ToUlid(), FailureCause.Of(rows.GetString(1).FromStored())));
            }

            return letters;
        }, cancellation);
    }

    public Task<IReadOnlyList<DeadLetterCause>> ReadDeadLetterCausesAsync(string workspace, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            with w as (
                select {WorkspaceId} as id
            ), groups as materialized (
                select kind, cause, count(*) as count, min(died_at) as oldest, max(died_at) as newest from dead_letters
                where workspace_id = (select id from w) and cause is not null
                group by kind, cause order by count(*) desc, kind, cause limit $2
            )
            select g.kind, g.cause, g.count, g.oldest, g.newest, d.call_id, d.reason from groups g
            cross join lateral (
                select call_id, reason from dead_letters
                where workspace_id = (select id from w) and kind = g.kind and cause = g.cause order by call_id limit 1
            ) d
            order by g.count desc, g.kind, g.cause
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync<IReadOnlyList<DeadLetterCause>>([query], async rows =>
        {
            List<DeadLetterCause> causes = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                var cause = FailureCause.Of(rows.GetString(6).FromStored());
                causes.Add(new DeadLetterCause(
                    (CallKind)rows.GetInt16(0), rows.GetInt64(1), cause.Status, cause.Answer, rows.GetInt64(2), rows.GetInt64(3).ToTime(), rows.GetInt64(4).ToTime(), rows.GetGuid(5).ToUlid()));
            }

            return causes;
        }, cancellation, CountTimeout);
    }

    public Task<SelectedDeadLetterPage> SelectDeadLettersAsync(
        string workspace, DeadLetterSelection selection, Ulid? after, int limit, CancellationToken cancellation)
    {
        var query = Selected(
            "call_id, customer, kind, left(reason, $10), died_at, outcome_unknown", "and ($9 is null or call_id > $9) order by call_id limit $11", workspace, selection)
            .With(after?.ToStored(), NpgsqlDbType.Uuid)
            .With(IDeadLetterStore.SelectedReason, NpgsqlDbType.Integer)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync([query], async rows =>
        {
            List<SelectedDeadLetter> letters = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                letters.Add(new SelectedDeadLetter(
                    rows.GetGuid(0).ToUlid(), rows.GetString(1).FromStored(), (CallKind)rows.GetInt16(2), rows.GetString(3).FromStored(), rows.GetInt64(4).ToTime(), rows.GetBoolean(5)));
            }

            return new SelectedDeadLetterPage(letters, letters.Count == limit ? letters[^1].Id : null);
        }, cancellation, CountTimeout);
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(string workspace, DeadLetterSelection selection, CancellationToken cancellation) =>
        pool.ReadAsync(
            [Selected("count(*), count(*) filter (where outcome_unknown)", "", workspace, selection)],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? new DeadLetterCount(rows.GetInt64(0), rows.GetInt64(1)) : new DeadLetterCount(0, 0),
            cancellation,
            CountTimeout);

    private static NpgsqlBatchCommand Selected(string columns, string rest, string workspace, DeadLetterSelection selection) =>
        new NpgsqlBatchCommand(
            $"""
            select {columns} from dead_letters
            where workspace_id = {WorkspaceId} and ($2 is null or customer = $2) and ($3 is null or kind = $3)
                and ($4 is null or status >= $4) and ($5 is null or status <= $5) and ($6 is null or cause = $6)
                and ($7 is null or died_at >= $7) and ($8 is null or died_at < $8) {rest}
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With(selection.Customer?.ToStored(), NpgsqlDbType.Text)
            .With((short?)selection.Kind, NpgsqlDbType.Smallint)
            .With((short?)selection.StatusFrom, NpgsqlDbType.Smallint)
            .With((short?)selection.StatusTo, NpgsqlDbType.Smallint)
            .With(selection.Cause, NpgsqlDbType.Bigint)
            .With(selection.From?.UtcTicks, NpgsqlDbType.Bigint)
            .With(selection.To?.UtcTicks, NpgsqlDbType.Bigint);

    public Task<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand($"select status, body, stored_at, content_type from send_results where workspace_id = {WorkspaceId} and call_id = $2")
            .With(workspace, NpgsqlDbType.Text)
            .With(id.ToStored(), NpgsqlDbType.Uuid);
        return pool.ReadAsync(
            [query],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false)
                ? new SendResult(rows.GetInt32(0), rows.GetString(1).FromStored(), rows.GetInt64(2).ToTime(), rows.IsDBNull(3) ? null : rows.GetString(3).FromStored())
                : null,
            cancellation);
    }

    public Task<SendBinding?> FindSendKeyAsync(string workspace, Ulid name, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand($"select call_id, customer, content from send_keys where workspace_id = {WorkspaceId} and name = $2")
            .With(workspace, NpgsqlDbType.Text)
            .With(name.ToStored(), NpgsqlDbType.Uuid);
        return pool.ReadAsync(
            [query],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false)
                ? new SendBinding(rows.GetGuid(0).ToUlid(), rows.GetString(1).FromStored(), rows.GetGuid(2).ToUlid())
                : (SendBinding?)null,
            cancellation);
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(Ulid? before, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand("select entry_id, caller, action, selection, status from audit where $1 is null or entry_id < $1 order by entry_id desc limit $2")
            .With(before?.ToStored(), NpgsqlDbType.Uuid)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync<IReadOnlyList<AuditEntry>>([query], async rows =>
        {
            List<AuditEntry> entries = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                entries.Add(new AuditEntry(
                    rows.GetGuid(0).ToUlid(), rows.GetString(1).FromStored(), rows.GetString(2).FromStored(), rows.GetString(3).FromStored(), rows.IsDBNull(4) ? null : rows.GetInt32(4)));
            }

            return entries;
        }, cancellation);
    }

    public Task<string?> ReadReplayAsync(string workspace, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand("select history_replay from workspaces where name = $1").With(workspace, NpgsqlDbType.Text);
        return pool.ReadAsync(
            [query],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) && !rows.IsDBNull(0) ? rows.GetString(0).FromStored() : null,
            cancellation);
    }

    public Task<string?> ReadPauseAsync(string workspace, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand("select pause_reason from workspaces where name = $1").With(workspace, NpgsqlDbType.Text);
        return pool.ReadAsync(
            [query],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) && !rows.IsDBNull(0) ? rows.GetString(0).FromStored() : null,
            cancellation);
    }

    public Task<byte[]?> ReadSecretAsync(string name, CancellationToken cancellation) =>
        pool.ReadAsync(
            [new NpgsqlBatchCommand("select value from secrets where name = $1").With(name, NpgsqlDbType.Text)],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetFieldValue<byte[]>(0) : null,
            cancellation);

    public Task<string?> ReadImportAsync(string workspace, Ulid import, CancellationToken cancellation) =>
        TextAsync(
            new NpgsqlBatchCommand($"select state from imports where workspace_id = {WorkspaceId} and import_id = $2")
                .With(workspace, NpgsqlDbType.Text)
                .With(import.ToStored(), NpgsqlDbType.Uuid),
            cancellation);

    public Task<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation) =>
        pool.ReadAsync(
            [
                new NpgsqlBatchCommand($"select count(*) from calls where workspace_id = {WorkspaceId} and priority = {(int)CallPriority.Bulk} and position($2 in headers) > 0")
                    .With(workspace, NpgsqlDbType.Text)
                    .With(StoredHeaders.ImportLine(import), NpgsqlDbType.Text),
            ],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetInt64(0) : 0,
            cancellation,
            CountTimeout);

    public Task<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation) =>
        TextAsync(
            new NpgsqlBatchCommand($"select c.key from calls k join customers c on c.id = k.customer_id where k.workspace_id = {WorkspaceId} and k.call_id = $2 limit 1")
                .With(workspace, NpgsqlDbType.Text)
                .With(callId.ToStored(), NpgsqlDbType.Uuid),
            cancellation,
            CountTimeout);

    public Task<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long after, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            with stretch as materialized (
                select position, customer_id, seq from calls where workspace_id = {WorkspaceId} and position > $2 order by position limit {MaxRowsScanned}
            ), reached as (
                select case when count(*) = {MaxRowsScanned} then max(position) end as next from stretch
            ), found as (
                select k.customer_id, count(*) as matches from stretch s
                join calls k on k.workspace_id = {WorkspaceId} and k.customer_id = s.customer_id and k.seq = s.seq
                where k.kind <> {(int)CallKind.MergeBarrier} and k.limit_class = any($3)
                    and ($4::smallint is null or k.kind = $4) and ($5::bigint is null or k.accepted_at < $5)
                    and ($6::text is null or position($6 in k.headers) > 0) and ($7::uuid is null or k.call_id = $7)
                group by k.customer_id
            )
            select r.next, c.key, f.matches from reached r left join found f on true left join customers c on c.id = f.customer_id
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With(after, NpgsqlDbType.Bigint)
            .With(filter.GetClasses().Select(limitClass => (short)limitClass).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
            .With((short?)filter.Kind, NpgsqlDbType.Smallint)
            .With(filter.AcceptedBefore?.UtcTicks, NpgsqlDbType.Bigint)
            .With(filter.Import is { } import ? StoredHeaders.ImportLine(import) : null, NpgsqlDbType.Text)
            .With(filter.CallId?.ToStored(), NpgsqlDbType.Uuid);
        return pool.ReadAsync(
            [query],
            async rows =>
            {
                List<CustomerMatches> customers = [];
                long? next = null;
                while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    next = rows.IsDBNull(0) ? null : rows.GetInt64(0);
                    if (!rows.IsDBNull(1))
                    {
                        customers.Add(new CustomerMatches(rows.GetString(1).FromStored(), rows.GetInt64(2)));
                    }
                }

                return new MatchPage(customers, next);
            },
            cancellation,
            CountTimeout);
    }

    public Task<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation) =>
        pool.ReadAsync(
            [
                new NpgsqlBatchCommand($"select accepted_at from calls where workspace_id = {WorkspaceId} order by position limit 1")
                    .With(workspace, NpgsqlDbType.Text),
            ],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetInt64(0).ToTime() : (DateTimeOffset?)null,
            cancellation);

    private Task<string?> TextAsync(NpgsqlBatchCommand query, CancellationToken cancellation, int? timeout = null)
    {
        return timeout is { } seconds ? pool.ReadAsync([query], ReadAsync, cancellation, seconds) : pool.ReadAsync([query], ReadAsync, cancellation);

        async Task<string?> ReadAsync(NpgsqlDataReader rows) => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetString(0).FromStored() : null;
    }

    /// <summary>Counting ten million rows takes seconds, so its time-out is longer.</summary>
    private Task<long> CountAsync(string table, string workspace, CancellationToken cancellation) =>
        pool.ReadAsync(
            [new NpgsqlBatchCommand($"select count(*) from {table} where workspace_id = {WorkspaceId}").With(workspace, NpgsqlDbType.Text)],
            async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetInt64(0) : 0,
            cancellation,
            CountTimeout);

    private static async Task<long> PositionAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation).ConfigureAwait(false);
        var position = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        return position;
    }

    private static async Task<List<DeadLetter>> LettersAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        List<DeadLetter> letters = [];
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            letters.Add(new DeadLetter(rows.GetString(0).FromStored(), rows.ReadCall(6), rows.GetInt32(1), rows.GetString(2).FromStored(), rows.GetInt64(3).ToTime())
            {
                IsOutcomeUnknown = rows.GetBoolean(4),
                IsHeld = !rows.IsDBNull(5),
            });
        }

        return letters;
    }

    private static CustomerHead Head(NpgsqlDataReader row) => new(
        row.GetString(1).FromStored(),
        HeadState.Of((LimitClass)row.GetInt16(2), (CallPriority)row.GetInt16(3), row.GetInt32(4), row.TimeOrNull(5)));
}
