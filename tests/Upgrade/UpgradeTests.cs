using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Upgrade;

/// <summary>The landed version leaves waiting calls, merges, messages and dead letters behind; this version goes on from its rows and settings.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private SandboxServer _customerIo = null!;

    public async ValueTask InitializeAsync() => _customerIo = await SandboxServer.StartAsync(
        new SandboxOptions { Url = "http://127.0.0.1:0", SiteId = "site", ApiKey = "key", AppApiKey = "app", RecordRequests = 1_000 });

    public async ValueTask DisposeAsync() => await _customerIo.DisposeAsync();

    [Fact(Timeout = TestTimeout.OfBuilds)]
    public async Task What_the_landed_version_leaves_in_a_SQLite_file_is_delivered_by_this_one()
    {
        using var data = new DataFolder();
        await UpgradeAsync(new Dictionary<string, string>
        {
            ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(data.Path, "cio.db")}",
        });
    }

    [Fact(Timeout = TestTimeout.OfBuilds)]
    public async Task What_the_landed_version_leaves_in_PostgreSQL_is_delivered_by_this_one()
    {
        Assert.SkipUnless(PostgresServer.MissingReason is null, PostgresServer.MissingReason ?? "");
        await using var server = await PostgresServer.StartNewAsync();
        await UpgradeAsync(new Dictionary<string, string>
        {
            ["Dispatcher__Storage__Provider"] = "Postgres",
            ["Dispatcher__Storage__ConnectionString"] = server.ConnectionString(),
        });
    }

    private async Task UpgradeAsync(Dictionary<string, string> storage)
    {
        var landed = (await LandedVersion.ProgramsAsync()).Api;
        string refused, sent, interrupted, waiting;
        await using (var before = await RunningVersion.StartAsync(landed, storage, _customerIo.Url))
        {
            sent = await before.StoreSendAsync(Message(1));
            await _customerIo.WaitForProcessedAsync(1).WaitAsync(_patience, TimeProvider.System);

            // Customer.io refuses an attribute's operation: the v2 item becomes a dead letter.
            _customerIo.Faults = new SandboxFaults { FailedItems = 1 };
            await before.TrackAsync(HttpMethod.Post, "/api/v2/entity", """{"type":"person","action":"identify","identifiers":{"id":"dead"},"attributes":{"seq":1}}""");
            await before.WaitUntilEmptyAsync();
            refused = Assert.Single(await before.DeadLettersAsync()).GetProperty("id").GetString()!;

            // The attempt of this message is never answered: the process is killed while its outcome is unknown.
            _customerIo.Faults = new SandboxFaults { TimeOutAfterProcessing = 1 };
            interrupted = await before.StoreSendAsync(Message(2));
            await _customerIo.WaitForProcessedAsync(2).WaitAsync(_patience, TimeProvider.System);

            await before.PauseAsync();
            await LeaveCallsAsync(before);
            waiting = await before.StoreSendAsync(Message(3));
            await before.Process.KillAsync();
        }

        _customerIo.Faults = SandboxFaults.None;
        await using var after = await RunningVersion.StartAsync(ClusterPrograms.Current.Api, storage, _customerIo.Url);
        Assert.True((await after.StatusAsync()).GetProperty("isPaused").GetBoolean());
        await after.ResumeAsync();
        await after.ReplayAsync(refused);
        await after.WaitUntilEmptyAsync();

        Assert.Equal(("sent", "unknown", "sent"), (await after.SendStateAsync(sent), await after.SendStateAsync(interrupted), await after.SendStateAsync(waiting)));
        Assert.Equal([1, 1, 1], _customerIo.Sends().OrderBy(send => send.Key, StringComparer.Ordinal).Select(send => send.Value));
        AssertOrder();
    }

    /// <summary>Calls of every stored kind; the members <c>seq</c> of one customer rise in the order of their accepts.</summary>
    private static async Task LeaveCallsAsync(RunningVersion before)
    {
        for (var seq = 1; seq <= 20; seq++)
        {
            await before.TrackAsync(HttpMethod.Put, "/api/v1/customers/ann", $$"""{"seq":{{seq}}}""", ("X-Custom", $"v {seq}"));
            await before.TrackAsync(HttpMethod.Post, "/api/v2/batch", Batch("bob", seq));
        }

        await before.TrackAsync(HttpMethod.Post, "/api/v1/merge_customers", """{"primary":{"id":"ann"},"secondary":{"id":"anna"}}""");
        await before.TrackAsync(HttpMethod.Put, "/api/v1/customers/ann", """{"seq":21}""");
        await before.TrackAsync(HttpMethod.Put, "/api/v1/customers/anna", """{"seq":1}""");
        await before.TrackAsync(HttpMethod.Post, "/bulk/identify?rows=1", """{"id":"imported","attributes":{"seq":1}}""");
    }

    private static string Batch(string person, int seq) =>
        $$$"""{"batch":[{"type":"person","action":"identify","identifiers":{"id":"{{{person}}}"},"attributes":{"seq":{{{seq}}}}}]}""";

    private static string Message(int seq) => $$$"""{"identifiers":{"id":"42"},"message_data":{"seq":{{{seq}}}}}""";

    private void AssertOrder()
    {
        var accepted = _customerIo.Requests.Where(request => request.Status is 200 or 207).ToArray();
        string[] lines = [.. accepted.Select(request => $"{request.Method} {request.RawTarget}")];
        var ann = accepted.Where(request => request.RawTarget == "/api/v1/customers/ann").ToArray();
        Assert.Equal(Enumerable.Range(1, 21), ann.Select(request => Seq(JsonDocument.Parse(request.Body).RootElement)));
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => $"v {seq}"), ann[..20].Select(request => request.Headers["X-Custom"]));
        Assert.Equal(Enumerable.Range(1, 20), Operations("bob"));
        Assert.Equal([1], Operations("imported"));
        Assert.Equal([1], Operations("dead"));

        // The merge is after ann's twentieth call, before ann's last call, and before anna's later calls.
        var merge = Array.IndexOf(lines, "POST /api/v1/merge_customers");
        var annIndexes = lines.Index().Where(line => line.Item == "PUT /api/v1/customers/ann").Select(line => line.Index).ToArray();
        Assert.InRange(merge, annIndexes[19] + 1, annIndexes[20] - 1);
        Assert.True(Array.IndexOf(lines, "PUT /api/v1/customers/anna") > merge);
        Assert.Equal(1, lines.Count(line => line.EndsWith("merge_customers", StringComparison.Ordinal)));
        Assert.Equal(0, _customerIo.Report().Order.OrderViolations);

        IEnumerable<int> Operations(string person) =>
            from request in accepted
            where request.RawTarget is "/api/v2/entity" or "/api/v2/batch"
            let root = JsonDocument.Parse(request.Body).RootElement
            from operation in root.TryGetProperty("batch", out var batch) ? batch.EnumerateArray().ToArray() : [root]
            where operation.GetProperty("identifiers").GetProperty("id").GetString() == person
            select Seq(operation.GetProperty("attributes"));
    }

    private static int Seq(JsonElement element) => element.GetProperty("seq").GetInt32();
}
