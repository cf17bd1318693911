using CioOrleans.Silo.Health;

namespace CioOrleans.Silo.Hosting;

/// <summary>Reports a front-end without a silo as ready once it is connected to a cluster. It is registered after the client.</summary>
internal sealed class ClientReadiness(Readiness readiness) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        readiness.AreWorkspacesStarted = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
