using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;
using CioOrleans.Postgres.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CioOrleans.Bench.Scenarios;

/// <summary>PostgreSQL with very many waiting rows: reading who has work, page by page, and the first delivery after a start.</summary>
internal sealed class HeadsScenario(int rows, int customers) : IScenario
{
    private const int PageSize = 1_000;
    private const int Chunk = 500_000;

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"heads, {rows:#,0} waiting calls of {customers:#,0} customers on PostgreSQL"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        await using var site = await DispatcherSite.StartAsync(Deployment.Postgres, sandbox.Url, "100/1s");
        await FillAsync(site.ConnectionString, stop);
        await ReadPagesAsync(site.ConnectionString, stop);

        await using var dispatcher = DispatcherProcess.Launch(site.Environment, DispatcherHost.Product);
        var ready = await dispatcher.WaitUntilReadyAsync(stop);
        while ((await sandbox.ReportAsync(stop)).Arrivals == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), stop);
        }

        _report.AtMost("start to first delivery", Stopwatch.GetElapsedTime(dispatcher.StartedAt).TotalSeconds, 10, "s");
        _report.Tell("start to ready", ready.TotalSeconds.ToString("0.## s", CultureInfo.InvariantCulture));
        return _report;
    }

    private async Task ReadPagesAsync(string connectionString, CancellationToken stop)
    {
        await using var outbox = new PostgresOutbox(connectionString, new PostgresOutboxOptions(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
        await outbox.OpenAsync(stop);
        var (times, found) = (new List<double>(), 0);
        await Steps.FollowAsync("Reading all heads", customers, () => found, ReadAsync());
        times.Sort();
        _report.AtMost($"a page of {PageSize:#,0} heads, p50", times[times.Count / 2], 10, "ms");
        _report.Tell("a page, best", Milliseconds(times[0]));
        _report.Tell("a page, p99", Milliseconds(times[(int)(times.Count * 0.99)]));
        _report.Tell("all pages", (times.Sum() / 1000).ToString("0.## s", CultureInfo.InvariantCulture));

        async Task ReadAsync()
        {
            long? after = null;
            do
            {
                var began = Stopwatch.GetTimestamp();
                var page = await outbox.ReadHeadsAsync("acme", after, PageSize, stop);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                found += page.Heads.Count;
                after = page.Next;
            }
            while (after is not null);
        }
    }

    private async Task FillAsync(string connectionString, CancellationToken stop)
    {
        await using (var outbox = new PostgresOutbox(connectionString, new PostgresOutboxOptions(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance))
        {
            // The schema, and the workspace's row.
            await outbox.OpenAsync(stop);
            await outbox.AppendAsync(new CustomerAddress("acme", "id:first"), 1, new Call
            {
                Id = Ulid.NewUlid(),
                Kind = CallKind.Identify,
                LimitClass = LimitClass.Identify,
                Method = "PUT",
                Target = "/api/v1/customers/first",
                Headers = [new("Content-Type", "application/json")],
                Body = "{}"u8.ToArray(),
                AcceptedAt = TimeProvider.System.GetUtcNow(),
            });
        }

        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 600 }.ConnectionString);
        var each = rows / customers;
        await ExecuteAsync(source, $"insert into customers (workspace_id, key, last_seq) select w.id, 'id:c' || c, {each} from workspaces w, generate_series(1, {customers}) c", stop);
        var filled = 0;
        await Steps.FollowAsync("Filling", rows, () => filled, FillCallsAsync());
        await ExecuteAsync(source, "vacuum analyze", stop);

        async Task FillCallsAsync()
        {
            var step = Math.Max(1, Chunk / each);
            for (var first = 1; first <= customers; first += step)
            {
                await ExecuteAsync(
                    source,
                    $$"""
                    insert into calls (position, customer_id, seq, accepted_at, call_id, workspace_id, kind, limit_class, priority, method, target, headers, body)
                    select 1, c.id, s, 638500000000000000, gen_random_uuid(), c.workspace_id, 0, 0, 0, 'PUT', '/api/v1/customers/' || substr(c.key, 4),
                        E'Content-Type: application/json\n', convert_to('{"plan":"pro","seq":' || s || '}', 'UTF8')
                    from generate_series({{first}}, {{Math.Min(customers, first + step - 1)}}) n
                    join customers c on c.key = 'id:c' || n and c.workspace_id = (select id from workspaces), generate_series(1, {{each}}) s
                    """,
                    stop);
                filled = Math.Min(customers, first + step - 1) * each;
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken stop)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static string Milliseconds(double value) => value.ToString("0.## ms", CultureInfo.InvariantCulture);
}
