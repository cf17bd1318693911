using System.Text;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Workspaces;

/// <summary>Two of Customer.io's hosts over real HTTP, one of which fails.</summary>
public sealed class HostTests : DispatcherTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_the_Pipelines_API_hangs_the_Track_API_gets_its_calls_at_its_limit()
    {
        const int limit = 100;
        const int calls = 4 * limit;
        await using var hanging = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", Faults = new SandboxFaults { Outage = Outage.TimeOut } });
        await using var host = await StartAsync(
            ("PipelinesUrl", hanging.Url.ToString()), ("PipelinesWriteKey", "write"), ("AttemptTimeout", "20s"), ("MaxConcurrency", "16"), ("Limits:identify", $"{limit}/1s"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(customer => AcceptAsync(host, $"p{customer}", LimitClass.Pipelines, "/v1/track", "{}")));
        await host.WaitUntilAsync(status => Of(status, UpstreamHost.Pipelines).InFlight >= 8).WaitAsync(_patience);
        await Task.WhenAll(Enumerable.Range(0, calls).Select(customer => IdentifyAsync(host.Dispatcher, $"{customer}", 1)));
        await Sandbox.WaitForProcessedAsync(calls).WaitAsync(_patience);

        // All of it while the first requests to the other host still hung: nothing was lent by their end. How near to the limit the rate stays, the simulation tells.
        Assert.Equal(8, hanging.Report().Arrivals);
        Assert.InRange(Sandbox.Report().MaxInWindow, limit * 9 / 10, limit);
        var pipelines = Of(await host.Workspace.GetStatus(), UpstreamHost.Pipelines);
        Assert.Equal((8, 8), (pipelines.InFlight, pipelines.Slots));

        // The host would wait for the end of what hangs.
        await hanging.DisposeAsync();
    }

    [Fact]
    public async Task A_401_of_the_App_API_stops_stored_sends_and_nothing_else()
    {
        await using var refusing = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "another" });
        await using var host = await StartAsync(("AppUrl", refusing.Url.ToString()), ("AppApiKey", "wrong"));
        await AcceptAsync(host, "sender", LimitClass.TransactionalEmail, "/v1/send/email", "{}", CallKind.Send);
        var status = await host.WaitUntilAsync(s => Of(s, UpstreamHost.App).State == HostState.Misconfigured).WaitAsync(_patience);

        Assert.StartsWith("App API: 401", status.PauseReason, StringComparison.Ordinal);
        Assert.NotNull(Of(status, UpstreamHost.App).NextProbeAt);
        Assert.Equal(HostState.Normal, Of(status, UpstreamHost.Track).State);

        for (var customer = 0; customer < 50; customer++)
        {
            await IdentifyAsync(host.Dispatcher, $"{customer}", 1);
        }

        await Sandbox.WaitForProcessedAsync(50).WaitAsync(_patience);
        Assert.Equal(0, (await host.WaitUntilAsync(s => s.Queued == 1).WaitAsync(_patience)).DeadLetters);
        Assert.Equal(1, refusing.Report().Arrivals);
    }

    private static HostStatus Of(WorkspaceStatus status, UpstreamHost host) => status.Hosts!.Single(one => one.Host == host);

    private static async Task AcceptAsync(DispatcherHost host, string person, LimitClass limitClass, string target, string body, CallKind kind = CallKind.Event) =>
        Assert.IsType<AcceptResult.Accepted>(await host.Customer($"id:{person}").Accept(new Call
        {
            Id = Ulid.NewUlid(),
            Kind = kind,
            LimitClass = limitClass,
            Method = "POST",
            Target = target,
            Headers = [new("Content-Type", "application/json")],
            Body = Encoding.UTF8.GetBytes(body),
            AcceptedAt = TimeProvider.System.GetUtcNow(),
        }, new AcceptDeadline(TimeSpan.MaxValue)));
}
