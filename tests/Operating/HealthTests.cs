using System.Net;

namespace CioOrleans.Operating.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task A_process_that_answers_is_live_before_it_is_ready()
    {
        await using var host = await Host.StartAsync();

        Assert.Equal((HttpStatusCode.OK, """{"isLive":true}"""), await host.SendAsync("GET", "/health/live"));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"isReady":false,"isStorageOpen":false,"areWorkspacesStarted":false,"isDraining":false}"""),
            await host.SendAsync("GET", "/health/ready"));
    }

    [Theory]
    [InlineData(true, true, false, HttpStatusCode.OK)]
    [InlineData(false, true, false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, false, false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, true, true, HttpStatusCode.ServiceUnavailable)]
    public async Task A_process_is_ready_when_it_can_store_and_send_and_is_not_stopping(bool storage, bool workspaces, bool draining, HttpStatusCode expected)
    {
        await using var host = await Host.StartAsync();
        host.Readiness.IsStorageOpen = storage;
        host.Readiness.AreWorkspacesStarted = workspaces;
        host.Readiness.IsDraining = draining;

        Assert.Equal(expected, (await host.SendAsync("GET", "/health/ready")).Status);
    }
}
