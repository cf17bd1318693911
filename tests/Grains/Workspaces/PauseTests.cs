namespace CioOrleans.Workspaces;

public sealed class PauseTests : DispatcherTest
{
    [Fact]
    public async Task A_pause_survives_a_restart_and_its_end_delivers_what_waits()
    {
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("maintenance");
        }

        await using var successor = await StartAsync();
        await IdentifyAsync(successor.Dispatcher, "1", 1);
        var status = await successor.Workspace.GetStatus();
        Assert.Equal((true, "maintenance", 1), (status.IsPaused, status.PauseReason, status.Queued));
        Assert.Equal(0, Sandbox.Report().Arrivals);

        await successor.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(1);
        Assert.False((await successor.Workspace.GetStatus()).IsPaused);
    }

    [Fact]
    public async Task Refused_credentials_pause_the_workspace_and_lose_nothing()
    {
        Sandbox.Faults = Sandbox.Faults with { Unauthorized = true };
        await using var host = await StartAsync();
        await IdentifyAsync(host.Dispatcher, "1", 1);

        var status = await host.WaitUntilAsync(s => s.IsPaused);
        Assert.StartsWith("401: ", status.PauseReason, StringComparison.Ordinal);
        Assert.Equal((1, 0), (status.Queued, status.DeadLetters));

        Sandbox.Faults = Sandbox.Faults with { Unauthorized = false };
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(1);
        Assert.Equal([1], ArrivedSeqs("1"));
    }
}
