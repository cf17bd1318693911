using System.Globalization;

namespace CioOrleans.EndToEnd;

public sealed class BurstTests : SandboxedTest
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_burst_through_the_official_SDK_arrives_whole_in_order_and_within_the_limit()
    {
        const int people = 100;
        const int callsEach = 10;
        await using var dispatcher = await Dispatcher.StartAsync(Data, Sandbox.Url);

        await NodeSdk.RunAsync(
            "burst.mjs", $"{dispatcher.Url}api/v1", Dispatcher.SiteId, Dispatcher.ApiKey, Text(people), Text(callsEach));
        await Sandbox.WaitForProcessedAsync(people * callsEach);

        var report = Sandbox.Report();
        Assert.Equal(people * callsEach, report.Arrivals);
        Assert.Equal(people * callsEach, report.Status(200));
        Assert.InRange(report.MaxInWindow, 1, Limit);
        Assert.Equal(people, report.Order.Customers);
        Assert.Equal((0, 0, 0), (report.Order.OrderViolations, report.Order.Duplicates, report.Order.MissingSeqs));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Where_all_calls_may_leave_in_batches_the_burst_arrives_whole_and_in_order_in_far_fewer_requests()
    {
        const int people = 100;
        const int callsEach = 10;
        await using var dispatcher = await Dispatcher.StartAsync(Data, Sandbox.Url, ("Batching__Mode", "All"));

        await NodeSdk.RunAsync(
            "burst.mjs", $"{dispatcher.Url}api/v1", Dispatcher.SiteId, Dispatcher.ApiKey, Text(people), Text(callsEach));
        await Sandbox.WaitForProcessedAsync(people * callsEach);

        var report = Sandbox.Report();
        Assert.InRange(report.Arrivals, callsEach, people * callsEach / 2);
        Assert.Equal(report.Arrivals, report.Status(200));
        Assert.Equal(people, report.Order.Customers);
        Assert.Equal((0, 0, 0), (report.Order.OrderViolations, report.Order.Duplicates, report.Order.MissingSeqs));
        Assert.All(Sandbox.Requests, request => Assert.StartsWith("/api/v2/", request.RawTarget, StringComparison.Ordinal));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
