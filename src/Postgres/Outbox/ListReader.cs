using CioOrleans.Calls;
using CioOrleans.Grains.Operating;
using CioOrleans.Operating;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>Lists for operators.</summary>
internal sealed class ListReader(ReaderPool pool)
{
    private const string WorkspaceId = "(select id from workspaces where name = $1)";

    /// <summary>Counting ten million rows takes seconds. In seconds.</summary>
    private const int Timeout = 60;

    private const string First =
        """
        left join lateral (select accepted_at from calls where workspace_id = (select id from w) and customer_id = q.customer_id order by seq limit 1) h on true
        """;

    /// <summary>The primary key is read in its order, so nothing is sorted but the counts.</summary>
    private const string LongestSql =
        $"""
        with w as (
            select {WorkspaceId} as id
        ), q as materialized (
            select customer_id, count(*) as calls from calls where workspace_id = (select id from w) group by customer_id order by count(*) desc limit $2
        )
        select c.key, q.calls, h.accepted_at from q join customers c on c.id = q.customer_id {First} order by q.calls desc
        """;

    /// <summary>A call keeps its position, so the first call of a queue is the one that was stored first.</summary>
    private static readonly string _oldestSql =
        $"""
        with w as (
            select {WorkspaceId} as id
        ), early as materialized (
            select customer_id, position from calls where workspace_id = (select id from w) order by position limit {QueueList.Searched}
        ), q as materialized (
            select customer_id, min(position) as first from early group by customer_id order by first limit $2
        )
        select c.key, n.calls, h.accepted_at, (select count(*) = {QueueList.Searched} from early)
        from q join customers c on c.id = q.customer_id {First}
        cross join lateral (select count(*) as calls from calls where workspace_id = (select id from w) and customer_id = q.customer_id) n
        order by h.accepted_at
        """;

    public Task<QueueSummaries> ReadQueuesAsync(string workspace, int limit, CancellationToken cancellation) => pool.ReadAsync(
        [
            new NpgsqlBatchCommand(LongestSql).With(workspace, NpgsqlDbType.Text).With((long)limit, NpgsqlDbType.Bigint),
            new NpgsqlBatchCommand(_oldestSql).With(workspace, NpgsqlDbType.Text).With((long)limit, NpgsqlDbType.Bigint),
        ],
        async rows =>
        {
            List<QueueSummary> longest = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                longest.Add(Summary(rows));
            }

            await rows.NextResultAsync(cancellation).ConfigureAwait(false);
            List<QueueSummary> oldest = [];
            var isCut = false;
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                oldest.Add(Summary(rows));
                isCut = rows.GetBoolean(3);
            }

            return new QueueSummaries(longest, oldest, oldest.Count == limit || !isCut);
        },
        cancellation,
        Timeout);

    public Task<IReadOnlyList<StoredImport>> ReadImportsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation) => pool.ReadAsync<IReadOnlyList<StoredImport>>(
        [Page("select import_id, state from imports where workspace_id = {0} and ($2 is null or import_id < $2) order by import_id desc limit $3", workspace, before, limit)],
        async rows =>
        {
            List<StoredImport> imports = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                imports.Add(new StoredImport(rows.GetGuid(0).ToUlid(), rows.GetString(1).FromStored()));
            }

            return imports;
        },
        cancellation);

    public Task<IReadOnlyList<AnsweredSend>> ReadAnsweredSendsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation) => pool.ReadAsync<IReadOnlyList<AnsweredSend>>(
        [Page("select call_id, status, stored_at from send_results where workspace_id = {0} and ($2 is null or call_id < $2) order by call_id desc limit $3", workspace, before, limit)],
        async rows =>
        {
            List<AnsweredSend> sends = [];
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                sends.Add(new AnsweredSend(rows.GetGuid(0).ToUlid(), rows.GetInt32(1), rows.GetInt64(2).ToTime()));
            }

            return sends;
        },
        cancellation);

    public Task<WaitingSends> ReadWaitingSendsAsync(string workspace, int limit, CancellationToken cancellation)
    {
        var query = new NpgsqlBatchCommand(
            $"""
            with w as (
                select {WorkspaceId} as id
            ), early as materialized (
                select position, kind, call_id, customer_id, accepted_at from calls where workspace_id = (select id from w) order by position limit {WaitingSends.Searched}
            ), found as (
                select * from early where kind = {(int)CallKind.Send} order by position limit $2
            )
            select e.is_cut, f.call_id, c.key, f.accepted_at
            from (select count(*) = {WaitingSends.Searched} as is_cut from early) e left join found f on true left join customers c on c.id = f.customer_id order by f.position
            """)
            .With(workspace, NpgsqlDbType.Text)
            .With((long)limit, NpgsqlDbType.Bigint);
        return pool.ReadAsync(
            [query],
            async rows =>
            {
                List<WaitingSend> sends = [];
                var isCut = false;
                while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    isCut = rows.GetBoolean(0);
                    if (!rows.IsDBNull(1))
                    {
                        sends.Add(new WaitingSend(rows.GetGuid(1).ToUlid(), rows.GetString(2).FromStored(), rows.GetInt64(3).ToTime()));
                    }
                }

                return new WaitingSends(sends, !isCut && sends.Count < limit);
            },
            cancellation,
            Timeout);
    }

    private static NpgsqlBatchCommand Page(string sql, string workspace, Ulid? before, int limit) =>
        new NpgsqlBatchCommand(sql.Replace("{0}", WorkspaceId, StringComparison.Ordinal))
            .With(workspace, NpgsqlDbType.Text)
            .With(before?.ToStored(), NpgsqlDbType.Uuid)
            .With((long)limit, NpgsqlDbType.Bigint);

    private static QueueSummary Summary(NpgsqlDataReader row) =>
        new(row.GetString(0).FromStored(), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2).ToTime());
}
