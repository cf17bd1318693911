using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.EndToEnd;

/// <summary>A sandbox that enforces 100 in any second over all of Track v1, with a network of 10 to 60 ms.</summary>
public abstract class SandboxedTest : IAsyncLifetime
{
    protected const int Limit = 100;

    internal DataFolder Data { get; } = new();

    internal SandboxServer Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Sandbox = await SandboxServer.StartAsync(new SandboxOptions
    {
        Url = "http://127.0.0.1:0",
        SiteId = Dispatcher.SiteId,
        ApiKey = Dispatcher.ApiKey,
        Limits = SandboxLimit.Parse($"identify,track,page={Limit}/1s"),
        RecordRequests = 100_000,
        Latency = LatencyDistribution.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60)),
    });

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Data.Dispose();
    }
}
