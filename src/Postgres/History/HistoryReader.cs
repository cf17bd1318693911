using CioOrleans.Calls;
using CioOrleans.Grains.History;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Postgres.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.History;

/// <summary>The reads of the history.</summary>
internal sealed class HistoryReader(ReaderPool pool)
{
    /// <summary>The maximum number of rows that one page of a search looks at.</summary>
    private const int MaxScanned = 20_000;

    private const int ProofPageRows = 20_000;

    private const long IdsOfDay = HistoryId.OfDay;

    private const string Columns =
        """
        h.id, c.key, h.seq, h.limit_class, h.result, h.lasted, h."precision", h.epoch, h.permit, h.attempt, h.status, h.kind, s.name, h.accepted_at, h.event_key,
        h.call_id, h.import_id, h.reason, h.trace_id
        """;

    private const string Filters =
        """
        ($9::bigint is null or h.customer_id = $9) and ($6::smallint is null or h.kind = $6) and ($7::uuid is null or h.import_id = $7) and ($8::smallint is null or case $8
            when 0 then h.result = 0 or (h.result = 10 and h.status between 200 and 299)
            when 1 then not (h.result = 0 or (h.result = 10 and h.status between 200 and 299))
            when 2 then h.status between 300 and 399
            when 3 then h.status between 400 and 499
            when 4 then h.status between 500 and 599
            when 5 then h.status = 0 and h.result in (1, 6, 11, 12)
            else h.result in (5, 6, 7, 8, 15) end)
        """;

    private const string RangeOffIndex = "id + 0 < $2 and id + 0 >= $3";

    // Of one day, so that one partition is read. The number of rows that are read is bounded. The first two columns say how many were read, and which was the last.
    private static string Query(string where, string range = RangeOffIndex, string sort = "id + 0 desc") =>
        Search($"* from history where day = $5 and {where} and {range} order by {sort}");

    // One look into an index for each key. With all keys in one condition the planner prefers to read the whole day.
    private static string ByKeys(string where) =>
        $"found.* from unnest($10) k (key) cross join lateral (select * from history where day = $5 and {where} and {RangeOffIndex} offset 0) found order by found.id + 0 desc";

    private static string Search(string source) =>
        $"""
        with looked as (
            select {source} limit {MaxScanned}
        ), matching as (
            select h.* from looked h where h.workspace_id = (select id from workspaces where name = $1) and {Filters} order by h.id desc limit $4
        ), bounds as (
            select count(*) as looked, min(id) as last from looked
        )
        select b.looked, b.last, {Columns}
        from bounds b
        left join matching h on true
        left join history_silos s on s.id = h.silo_id
        left join customers c on c.id = h.customer_id
        order by h.id desc
        """;

    // With id + 0, which is in no index, the planner cannot prefer the index of the ids.
    private static readonly string _byTime = Query("true", "id < $2 and id >= $3", "id desc");
    private static readonly string _byFailure =
        Query("result <> 0 and workspace_id = (select id from workspaces where name = $1)", "(-id) > -$2 and (-id) <= -$3", "(-id)");

    private static readonly string _byCall = Query("call_id = $10");
    private static readonly string _byCustomer = Search(ByKeys("customer_id <> 0 and (((id >> 41) << 32) | customer_id) = k.key"));
    private static readonly string _byEvent =
        Search(ByKeys("event_key is not null and (((id >> 41) << 32) | (event_key & 4294967295)) = k.key and event_key = any ($11)"));

    // The planner believes that a search costs much and compiles it, which takes longer than the search.
    private const string WithoutCompiler = "select set_config('jit', 'off', true)";

    public async Task<HistoryPage> SearchAsync(string workspace, HistoryFilter filter, long? before, int limit, CancellationToken cancellation)
    {
        var first = filter.From is { } from ? HistoryId.FirstAt(from) : 0;
        if (filter.CallId is { } call)
        {
            // Less an hour: the id may come from a front-end whose clock was ahead.
            first = Math.Max(first, HistoryId.FirstAt(call.Time.AddHours(-1)));
        }

        var end = Math.Min(before ?? long.MaxValue, filter.To is { } to ? HistoryId.FirstAt(to) : long.MaxValue);
        var customer = filter.Customer is { } key ? await FindCustomerAsync(workspace, key, cancellation).ConfigureAwait(false) : null;
        if (filter.Customer is not null && customer is null)
        {
            return new HistoryPage([], null);
        }

        List<HistoryRow> found = [];
        foreach (var day in await DaysAsync(first, end, cancellation).ConfigureAwait(false))
        {
            var (firstOfDay, endOfDay) = (Math.Max(first, day * IdsOfDay), Math.Min(end, (day + 1) * IdsOfDay));
            var query = QueryOf(workspace, filter, customer, (int)day, firstOfDay, endOfDay, limit - found.Count);
            var (page, next) = await pool.ReadAsync(
                [new NpgsqlBatchCommand(WithoutCompiler), query], rows => ReadPageAsync(workspace, rows, limit - found.Count, cancellation), cancellation).ConfigureAwait(false);
            if (filter.WithBodies && page.Count > 0)
            {
                (page, next) = await WithBodiesAsync(page, next, (int)day, cancellation).ConfigureAwait(false);
                found.AddRange(page);
                return new HistoryPage(found, next ?? (firstOfDay > first ? firstOfDay : null));
            }

            found.AddRange(page);
            if (next is not null)
            {
                return new HistoryPage(found, next);
            }
        }

        return new HistoryPage(found, null);
    }

    /// <summary>Adds the bodies to rows of one day. The page ends with the row whose body makes it full.</summary>
    private async Task<(List<HistoryRow> Rows, long? Next)> WithBodiesAsync(List<HistoryRow> page, long? next, int day, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            """
            select b.id, c.key, b.request, b.answer, b.size from history_bodies b left join customers c on c.id = b.customer_id
            where b.day = $1 and b.id = any ($2) order by b.id desc
            """)
            .With(day, NpgsqlDbType.Integer)
            .With(page.Select(row => row.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        var (bodies, full) = await pool.ReadAsync([query], async rows =>
        {
            var read = new Dictionary<(long Id, string? Customer), HistoryBody>();
            for (var size = 0L; await rows.ReadAsync(cancellation).ConfigureAwait(false);)
            {
                var (id, customer) = (rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1).FromStored());
                var body = new HistoryBody(
                    rows.IsDBNull(2) ? null : rows.GetFieldValue<byte[]>(2), rows.IsDBNull(3) ? null : rows.GetFieldValue<byte[]>(3), rows.GetInt32(4));
                read.Add((id, customer), body);
                size += body.Size;
                if (size >= HistoryFilter.PageBytes)
                {
                    return (read, (long?)id);
                }
            }

            return (read, (long?)null);
        }, cancellation).ConfigureAwait(false);
        return ([.. page.Where(row => row.Id >= (full ?? 0)).Select(row => row with { Body = bodies.GetValueOrDefault((row.Id, row.Customer)) })], full ?? next);
    }

    private static NpgsqlBatchCommand QueryOf(string workspace, HistoryFilter filter, long? customer, int day, long first, long end, int limit)
    {
        IEnumerable<long> Stretches() => Enumerable.Range(0, (int)(((end - 1) >> HistoryId.StretchBits) - (first >> HistoryId.StretchBits)) + 1)
            .Select(i => (first >> HistoryId.StretchBits) + i);
        NpgsqlBatchCommand Of(string sql) => new NpgsqlBatchCommand(sql)
            .With(workspace, NpgsqlDbType.Text)
            .With(end, NpgsqlDbType.Bigint)
            .With(first, NpgsqlDbType.Bigint)
            .With((long)limit, NpgsqlDbType.Bigint)
            .With(day, NpgsqlDbType.Integer)
            .With((short?)filter.Kind, NpgsqlDbType.Smallint)
            .With(filter.Import?.ToStored(), NpgsqlDbType.Uuid)
            .With((short?)filter.Status, NpgsqlDbType.Smallint)
            .With(customer, NpgsqlDbType.Bigint);

        return filter switch
        {
            { CallId: { } call } => Of(_byCall).With(call.ToStored(), NpgsqlDbType.Uuid),
            { EventId: not null } => Of(_byEvent)
                .With(Stretches().SelectMany(stretch => filter.EventKeys.Select(key => (stretch << 32) | (key & uint.MaxValue))).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
                .With(filter.EventKeys.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            _ when customer is { } id => Of(_byCustomer).With(Stretches().Select(stretch => (stretch << 32) | id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            { Status: { } status } when status.IsFailure() => Of(_byFailure),
            _ => Of(_byTime),
        };
    }

    public Task<ProofPage> ReadProofAsync(string workspace, long first, long before, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            select id, lasted, "precision", epoch, permit, limit_class, customer_id, seq, result from history
            where workspace_id = (select w.id from workspaces w where w.name = $1) and id >= $2 and id < $3 order by history.id desc limit {ProofPageRows}
            """)
            .With(workspace, NpgsqlDbType.Text).With(first, NpgsqlDbType.Bigint).With(before, NpgsqlDbType.Bigint);
        return pool.ReadAsync([query], async rows =>
        {
            var page = new List<ProofRow>(ProofPageRows);
            long last = 0;
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                last = rows.GetInt64(0);
                var ended = HistoryId.TimeOf(last);
                page.Add(new ProofRow(
                    rows.IsDBNull(1) ? null : ended - rows.GetInt64(1), ended, rows.GetInt32(2), rows.GetInt64(3), rows.GetInt64(4), (LimitClass)rows.GetInt16(5),
                    rows.GetInt64(6), rows.GetInt64(7), (HistoryResult)rows.GetInt16(8)));
            }

            return new ProofPage(page, page.Count == ProofPageRows ? last : null);
        }, cancellation);
    }

    public Task<IReadOnlyList<HistoryNote>> ReadNotesAsync(string workspace, CancellationToken cancellation)
    {
        NpgsqlBatchCommand[] queries =
        [
            new NpgsqlBatchCommand("select note from history_notes where workspace_id = 0 or workspace_id = (select w.id from workspaces w where w.name = $1)")
                .With(workspace, NpgsqlDbType.Text),
            new NpgsqlBatchCommand("select deleted_before from history_state"),
        ];
        return pool.ReadAsync<IReadOnlyList<HistoryNote>>(queries, async rows =>
        {
            List<HistoryNote> notes = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                if (HistoryNoteText.Read(rows.GetString(0)) is { } note)
                {
                    notes.Add(note);
                }
            }

            await rows.NextResultAsync(cancellation).ConfigureAwait(false);
            if (await rows.ReadAsync(cancellation).ConfigureAwait(false) && rows.GetInt64(0) is > 0 and var deleted)
            {
                notes.Add(new HistoryNote.RowsDeleted(HistoryId.TimeOf(deleted)));
            }

            return notes;
        }, cancellation);
    }

    public Task<string?> FindKeyAsync(long customer, CancellationToken cancellation) => pool.ReadAsync(
        [new NpgsqlBatchCommand("select key from customers where id = $1").With(customer, NpgsqlDbType.Bigint)],
        async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetString(0).FromStored() : null,
        cancellation);

    public Task<long?> FindCustomerAsync(string workspace, string key, CancellationToken cancellation) => pool.ReadAsync<long?>(
        [
            new NpgsqlBatchCommand("select id from customers where workspace_id = (select w.id from workspaces w where w.name = $1) and key = $2")
                .With(workspace, NpgsqlDbType.Text).With(key.ToStored(), NpgsqlDbType.Text),
        ],
        async rows => await rows.ReadAsync(cancellation).ConfigureAwait(false) ? rows.GetInt64(0) : null,
        cancellation);

    /// <summary>The days that have rows between two ids, the newest first.</summary>
    private Task<List<long>> DaysAsync(long first, long end, CancellationToken cancellation) => pool.ReadAsync(
        [
            new NpgsqlBatchCommand("select day from history_days where day >= $1 and day <= $2 order by day desc")
                .With((int)(first / IdsOfDay), NpgsqlDbType.Integer).With((int)((end - 1) / IdsOfDay), NpgsqlDbType.Integer),
        ],
        async rows =>
        {
            List<long> days = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                days.Add(rows.GetInt32(0));
            }

            return days;
        },
        cancellation);

    private static async Task<(List<HistoryRow> Rows, long? Next)> ReadPageAsync(string workspace, NpgsqlDataReader rows, int limit, CancellationToken cancellation)
    {
        List<HistoryRow> page = [];
        var (looked, last) = (0L, 0L);
        await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            (looked, last) = (rows.GetInt64(0), rows.IsDBNull(1) ? 0 : rows.GetInt64(1));
            if (!rows.IsDBNull(2))
            {
                page.Add(ReadRow(rows, workspace));
            }
        }

        return (page, page.Count >= limit ? page[^1].Id : looked == MaxScanned ? last : null);
    }

    private static HistoryRow ReadRow(NpgsqlDataReader rows, string workspace)
    {
        const int id = 2;
        var ended = HistoryId.TimeOf(rows.GetInt64(id));
        return new HistoryRow
        {
            Id = rows.GetInt64(id),
            Workspace = workspace,
            Customer = rows.IsDBNull(3) ? null : rows.GetString(3).FromStored(),
            Sequence = rows.GetInt64(4),
            LimitClass = (LimitClass)rows.GetInt16(5),
            Result = (HistoryResult)rows.GetInt16(6),
            Ended = ended,
            Sent = rows.IsDBNull(7) ? null : ended - rows.GetInt64(7),
            Precision = rows.GetInt32(8),
            Epoch = rows.GetInt64(9),
            Permit = rows.GetInt64(10),
            Attempt = rows.GetInt32(11),
            Status = rows.GetInt16(12),
            Kind = rows.IsDBNull(13) ? null : (CallKind)rows.GetInt16(13),
            Silo = rows.GetString(14),
            AcceptedAt = rows.GetInt64(15),
            EventKey = rows.IsDBNull(16) ? null : rows.GetInt64(16),
            CallId = rows.IsDBNull(17) ? null : rows.GetGuid(17).ToUlid(),
            Import = rows.IsDBNull(18) ? null : rows.GetGuid(18).ToUlid(),
            Reason = rows.IsDBNull(19) ? null : rows.GetString(19).FromStored(),
            TraceId = rows.IsDBNull(20) ? null : rows.GetGuid(20).ToString("N"),
        };
    }
}
