using CioOrleans.Silo.Configuration;

namespace CioOrleans.Silo.Health;

/// <summary>
/// Announces that this process is stopping before any part of it stops: readiness is false, and the process keeps listening and serving until the load balancer
/// knows.
/// </summary>
internal sealed class DrainNotice(ShutdownSettings settings, Readiness readiness, TimeProvider time) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.IsDraining = true;
        return Task.Delay(settings.Notice, time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
