namespace CioOrleans.Cluster.Road;

/// <summary>The network between the dispatcher and Customer.io loses and holds packets; what was given up must not arrive behind what came after it.</summary>
[Collection(BesideTheCluster.Name)]
public sealed class LossTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _attemptTimeout = TimeSpan.FromSeconds(Number("CIO_ROAD_ATTEMPT", 1));

    private const int WarmUp = 75;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>For how long the network may hold a packet of a connection that was reset, and a second more.</summary>
    private static readonly TimeSpan _packetLife = TimeSpan.FromSeconds(3);

    /// <summary>How often the network fails in a test: once or twice, or as often as <c>CIO_ROAD_ROUNDS</c> says to measure the figures.</summary>
    private static readonly double? _rounds = Number("CIO_ROAD_ROUNDS", 0) is > 0 and var rounds ? rounds : null;

    /// <summary>
    /// Within which delivery goes on when the network is back. The figure to reach is 2 s and judged where it is measured, on a machine that does nothing else. Without
    /// probes it would be the rest of a pause, of up to a minute.
    /// </summary>
    private static readonly TimeSpan _resumes = TimeSpan.FromSeconds(_rounds is null ? 20 : 2);

    [Fact]
    public async Task Losing_everything_for_three_time_outs_loses_no_call_and_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new Load([road.Dispatcher]);
        var from = TimeProvider.System.GetUtcNow();
        for (var round = 0; round < (_rounds ?? 2); round++)
        {
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseAsync(3 * _attemptTimeout));
        }

        await AssertPromisesAsync(road, load, from, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Losing_one_way_for_three_time_outs_loses_no_call_and_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new Load([road.Dispatcher]);
        var from = TimeProvider.System.GetUtcNow();
        for (var round = 0; round < (_rounds ?? 1); round++)
        {
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseRequestsAsync(3 * _attemptTimeout));
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseResponsesAsync(3 * _attemptTimeout));
        }

        await AssertPromisesAsync(road, load, from, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_network_that_holds_packets_for_less_than_a_packet_life_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        using var line = await road.Network.AddDelayLineAsync(road.Address, road.Network.SandboxAddress);
        await using var load = new Load([road.Dispatcher]);
        var from = TimeProvider.System.GetUtcNow();
        for (var round = 0; round < (_rounds ?? 2); round++)
        {
            await WarmUpAsync(road);

            // What is repeated after the hold overtakes what the line still holds.
            for (var hold = 0; hold < 3; hold++)
            {
                line.Delay = TimeSpan.FromSeconds(Number("CIO_ROAD_DELAY", 1.8));
                await Task.Delay(_attemptTimeout, TimeProvider.System);
                line.Delay = TimeSpan.Zero;
                await Task.Delay(_attemptTimeout, TimeProvider.System);
            }
        }

        await AssertPromisesAsync(road, load, from, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_process_that_dies_while_the_network_loses_packets_leaves_nothing_that_arrives_later()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new Load([road.Dispatcher]);
        await WarmUpAsync(road);
        var from = TimeProvider.System.GetUtcNow();
        await road.Network.CutAsync(road.Address, road.Network.SandboxAddress);
        await Task.Delay(_attemptTimeout / 2, TimeProvider.System);
        await road.Dispatcher.KillAsync();
        await road.Network.MendAsync();
        await road.Dispatcher.StartAsync();
        await load.WaitUntilServedAsync(TimeProvider.System.GetUtcNow());

        await AssertPromisesAsync(road, load, from, TimeProvider.System.GetUtcNow());
    }

    private static double Number(string variable, double usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : usual;

    /// <summary>Until every kind of request has gone through, on connections that are kept.</summary>
    private static Task WarmUpAsync(RoadHarness road) => Wait.ForAsync(
        road.Sandbox.WaitForProcessedAsync(road.Sandbox.Report().Order.Processed + WarmUp), $"The delivery of {WarmUp} calls", _patience);

    private async Task AssertResumesAsync(RoadHarness road, DateTimeOffset mendedAt)
    {
        string[] kinds = ["/api/v1/customers/", "/api/v2/", "/v1/send/"];
        var resumed = new TimeSpan?[kinds.Length];
        while (resumed.Any(after => after is null) && TimeProvider.System.GetUtcNow() - mendedAt < _patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            var arrivals = road.Sandbox.Requests.Where(request => request.Status == 200 && request.ArrivedAt > mendedAt).ToArray();
            resumed = [.. kinds.Select(kind => arrivals.FirstOrDefault(request => request.RawTarget.StartsWith(kind, StringComparison.Ordinal))?.ArrivedAt - mendedAt)];
        }

        output.WriteLine($"Delivery of v1, v2 and sends went on {string.Join(", ", resumed.Select(after => $"{after?.TotalSeconds:0.00}"))} s after the end of the loss.");
        Assert.All(resumed, after => Assert.True(after <= _resumes, $"Delivery went on {after?.ToString() ?? "not"} after the end of the loss."));
    }

    /// <summary>What came again was in flight at some moment of the loss; the callers, whom the loss does not touch, were all served.</summary>
    private async Task AssertPromisesAsync(RoadHarness road, Load load, DateTimeOffset from, DateTimeOffset to)
    {
        await load.StopAsync();
        await load.SettleAsync(road.WaitUntilEmptyAsync);

        // What was given up may arrive until then.
        await Task.Delay(_packetLife, TimeProvider.System);
        var account = Account.Of(load, road.Sandbox, from, to);
        FaultRun.Tell(account, load, output.WriteLine);
        Assert.Empty(account.Violations);
        Assert.Equal(0, account.DeadLetters);
        Assert.DoesNotContain(load.Refusals, refusal => refusal.Kind is not (LoadKind.ForwardedSend or LoadKind.KeyedSend or LoadKind.Query) && refusal.Answer != "no connection");
    }
}
