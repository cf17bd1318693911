using CioOrleans.Health;

namespace CioOrleans.Silo.Hosting;

/// <summary>A front-end without a silo is ready once it is connected to a cluster: this is registered after the client.</summary>
internal sealed class ClientReadiness(Readiness readiness) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        readiness.AreWorkspacesStarted = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
