using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Demo;

/// <summary>Runs the sandbox inside this process, with the limit and the latency of a small workspace.</summary>
internal sealed class DemoSandbox(SandboxSettings settings, ILoggerFactory loggers) : IHostedService
{
    private SandboxServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new SandboxOptions
        {
            Url = settings.Url.GetLeftPart(UriPartial.Authority),
            Limits = SandboxLimit.Parse("identify,track,page,batch=100/1s"),
            Latency = LatencyDistribution.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60)),
        };
        _server = await SandboxServer.StartAsync(options, loggerFactory: loggers, cancellationToken: cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
