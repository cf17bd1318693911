using Xunit.Abstractions;

namespace CioOrleans.Cluster.Road;

/// <summary>The network between the dispatcher and Customer.io loses and holds packets; what was given up must not arrive behind what came after it.</summary>
public sealed class LossTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _attemptTimeout = TimeSpan.FromSeconds(Number("CIO_ROAD_ATTEMPT", 1));

    /// <summary>Long enough for retries of what was put into back-off, with everything behind it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Within which delivery goes on when the network is back.</summary>
    private static readonly TimeSpan _resumes = TimeSpan.FromSeconds(2);

    [SkippableFact]
    public async Task Losing_everything_for_three_time_outs_loses_no_call_and_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new MixedLoad(road.Dispatcher.Url);
        for (var round = 0; round < Number("CIO_ROAD_ROUNDS", 2); round++)
        {
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseAsync(3 * _attemptTimeout));
        }

        await AssertPromisesAsync(road, load);
    }

    [SkippableFact]
    public async Task Losing_one_way_for_three_time_outs_loses_no_call_and_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new MixedLoad(road.Dispatcher.Url);
        for (var round = 0; round < Number("CIO_ROAD_ROUNDS", 1); round++)
        {
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseRequestsAsync(3 * _attemptTimeout));
            await WarmUpAsync(road);
            await AssertResumesAsync(road, await road.LoseResponsesAsync(3 * _attemptTimeout));
        }

        await AssertPromisesAsync(road, load);
    }

    [SkippableFact]
    public async Task A_network_that_holds_packets_for_less_than_a_packet_life_changes_no_order()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        using var line = await road.Network.AddDelayLineAsync(road.Address, road.Network.SandboxAddress);
        await using var load = new MixedLoad(road.Dispatcher.Url);
        for (var round = 0; round < Number("CIO_ROAD_ROUNDS", 2); round++)
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

        await AssertPromisesAsync(road, load);
    }

    [SkippableFact]
    public async Task A_process_that_dies_while_the_network_loses_packets_leaves_nothing_that_arrives_later()
    {
        await using var road = await RoadHarness.StartAsync(_attemptTimeout);
        await using var load = new MixedLoad(road.Dispatcher.Url);
        await WarmUpAsync(road);
        await road.Network.CutAsync(road.Address, road.Network.SandboxAddress);
        await Task.Delay(_attemptTimeout / 2, TimeProvider.System);
        await load.StopAsync();
        await road.Dispatcher.KillAsync();
        await road.Network.MendAsync();
        await road.Dispatcher.StartAsync();

        await AssertPromisesAsync(road, load);
    }

    private static double Number(string variable, double usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : usual;

    /// <summary>Until every kind of request has gone through, on connections that are kept.</summary>
    private static async Task WarmUpAsync(RoadHarness road)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await road.Sandbox.WaitForProcessedAsync(road.Sandbox.Report().Order.Processed + 100, patience.Token);
    }

    private async Task AssertResumesAsync(RoadHarness road, DateTimeOffset mendedAt)
    {
        string[] kinds = ["/api/v1/customers/", "/api/v2/", "/v1/send/"];
        var resumed = new TimeSpan?[kinds.Length];
        while (resumed.Any(after => after is null) && TimeProvider.System.GetUtcNow() - mendedAt < 5 * _resumes)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            var arrivals = road.Sandbox.Requests.Where(request => request.Status == 200 && request.ArrivedAt > mendedAt).ToArray();
            resumed = [.. kinds.Select(kind => arrivals.FirstOrDefault(request => request.RawTarget.StartsWith(kind, StringComparison.Ordinal))?.ArrivedAt - mendedAt)];
        }

        output.WriteLine($"Delivery of v1, v2 and sends went on {string.Join(", ", resumed.Select(after => $"{after?.TotalSeconds:0.00}"))} s after the end of the loss.");
        Assert.All(resumed, after => Assert.InRange(after!.Value, TimeSpan.Zero, _resumes));
    }

    private async Task AssertPromisesAsync(RoadHarness road, MixedLoad load)
    {
        await load.StopAsync();
        var began = TimeProvider.System.GetTimestamp();
        while ((load.Lost(road.Sandbox).Count > 0 || (await load.UnsettledSendsAsync()).Count > 0) && TimeProvider.System.GetElapsedTime(began) < _patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        // What was given up may arrive until then.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        var report = road.Sandbox.Report();
        var (lost, unsettled) = (load.Lost(road.Sandbox), await load.UnsettledSendsAsync());
        output.WriteLine(
            $"Acknowledged {load.Acknowledged}, lost {lost.Count}, order violations {report.Order.OrderViolations}, repeats behind later calls {report.Order.StaleDuplicates}, " +
            $"repeats {report.Order.Duplicates}, sent twice {report.Sends.SentTwice}, 429s {report.Status(429)}, most in a second {string.Join(", ", report.MaxInWindowByClass.Select(w => $"{w.Key} {w.Value}"))}.");
        output.WriteLine(load.Answers);
        foreach (var problem in report.Order.Problems.Where(problem => problem.Kind != "duplicate"))
        {
            output.WriteLine($"  {problem}");
        }

        Assert.Empty(lost);
        Assert.Empty(unsettled);
        Assert.Equal(
            (0, 0, 0, 0, 0),
            (report.Order.OrderViolations, report.Order.StaleDuplicates, report.Order.DuplicatesWithAnotherId, report.Sends.SentTwice, report.Status(429)));
    }
}
