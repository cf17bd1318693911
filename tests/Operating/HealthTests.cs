using System.Net;
using Microsoft.Extensions.Time.Testing;

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

    [Fact]
    public async Task A_process_that_is_to_stop_says_so_first_and_serves_until_its_notice_is_over()
    {
        var time = new FakeTimeProvider();
        await using var host = await Host.StartAsync(time: time);
        (host.Readiness.IsStorageOpen, host.Readiness.AreWorkspacesStarted) = (true, true);

        var stopped = host.StopAsync();
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"isReady":false,"isStorageOpen":true,"areWorkspacesStarted":true,"isDraining":true}"""),
            await host.SendAsync("GET", "/health/ready"));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/health/live")).Status);
        Assert.False(stopped.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(0.1));
        await stopped;

        using var http = new HttpClient { BaseAddress = host.Http.BaseAddress };
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("/health/live", UriKind.Relative)));
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
