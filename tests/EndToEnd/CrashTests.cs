using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

public sealed class CrashTests : SandboxedTest
{
    private const int Customers = 40;

    /// <summary>The maximum number of calls that are in flight, or delivered and not yet recorded as delivered, when a process dies.</summary>
    private const int MaxConcurrency = 64;

    /// <summary>A call that fails again and again is no dead letter in the end.</summary>
    private static readonly (string, string)[] _retry = [("Retry__BaseDelay", "50ms"), ("Retry__MaxRetries", "100")];

    // No time-out of the whole test: CIO_KILLS decides how long it takes. Each wait in it is bounded.
    [Fact]
    public async Task Killing_the_process_under_load_loses_nothing_keeps_the_order_and_the_limit()
    {
        // More of them by hand: CIO_KILLS=50.
        var kills = int.TryParse(Environment.GetEnvironmentVariable("CIO_KILLS"), out var wanted) ? wanted : 3;
        var random = new Random(20261124);
        var traffic = new Traffic();

        // Refused by the sandbox before they take effect, so that calls have several attempts.
        Sandbox.Faults = new SandboxFaults { ServerError = 0.1 };
        for (var kill = 0; kill < kills; kill++)
        {
            await using var dispatcher = await Dispatcher.StartAsync(Data, Sandbox.Url, _retry);
            var load = traffic.RunAsync(dispatcher.Http, Customers, CancellationToken.None);
            await Sandbox.WaitForProcessedAsync(Sandbox.Report().Order.Processed + random.Next(20, 150));
            await dispatcher.KillAsync();
            await load;
        }

        Sandbox.Faults = SandboxFaults.None;
        await using var survivor = await Dispatcher.StartAsync(Data, Sandbox.Url, _retry);
        await survivor.WaitUntilEmptyAsync();

        var report = Sandbox.Report();
        Assert.Empty(Arrived.Missing(traffic, Sandbox));
        Assert.True(traffic.Acknowledged > kills * Customers, $"only {traffic.Acknowledged} calls were acknowledged");
        Assert.InRange(report.MaxInWindow, 1, Limit);
        Assert.Equal((0, 0), (report.Status(429), report.Order.OrderViolations));
        Assert.InRange(report.Order.Duplicates, 0, kills * MaxConcurrency);
        Assert.Equal((0, 0, 0), (report.Order.StaleDuplicates, report.Order.DuplicatesWithAnotherId, report.Order.DuplicatesWithAnotherTimestamp));
        await HistoryLedger.AssertAgreesAsync(survivor, Sandbox);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task An_orderly_stop_under_load_sends_nothing_twice()
    {
        var traffic = new Traffic();
        await using (var dispatcher = await Dispatcher.StartAsync(Data, Sandbox.Url))
        {
            var load = traffic.RunAsync(dispatcher.Http, Customers, CancellationToken.None);
            await Sandbox.WaitForProcessedAsync(100);
            Assert.Equal(0, await dispatcher.TerminateAsync());
            await load;
        }

        await using var successor = await Dispatcher.StartAsync(Data, Sandbox.Url);
        await successor.WaitUntilEmptyAsync();

        var report = Sandbox.Report();
        Assert.Empty(Arrived.Missing(traffic, Sandbox));
        Assert.InRange(report.MaxInWindow, 1, Limit);
        Assert.Equal((0, 0, 0), (report.Status(429), report.Order.OrderViolations, report.Order.Duplicates));
        await HistoryLedger.AssertAgreesAsync(successor, Sandbox);
    }
}
