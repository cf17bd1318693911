using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Workspaces;

public sealed class OutageTests : DispatcherTest
{
    [Theory]
    [InlineData(Outage.ServerError)]
    [InlineData(Outage.Reset)]
    [InlineData(Outage.TimeOut)]
    public async Task An_outage_makes_no_dead_letter_and_all_goes_on_after_it(Outage outage)
    {
        const int customers = 30;
        await using var host = await StartAsync(("Retry:MaxRetries", "0"), ("AttemptTimeout", "300ms"));
        Sandbox.Faults = Sandbox.Faults with { Outage = outage };
        for (var customer = 0; customer < customers; customer++)
        {
            await IdentifyAsync(host.Dispatcher, $"{customer}", 1);
            await IdentifyAsync(host.Dispatcher, $"{customer}", 2);
        }

        var status = await host.WaitUntilAsync(s => s.IsPaused);
        Assert.StartsWith("Customer.io fails for everybody", status.PauseReason, StringComparison.Ordinal);
        Sandbox.Faults = Sandbox.Faults with { Outage = Outage.None };
        await Sandbox.WaitForProcessedAsync(2 * customers);

        status = await host.WaitUntilAsync(s => s.Queued == 0);
        Assert.Equal((0, false), (status.DeadLetters, status.IsPaused));
        Assert.Equal((0, 0), (Sandbox.Report().Order.OrderViolations, Sandbox.Report().Order.Duplicates));
    }
}
