using CioOrleans.Configuration;

namespace CioOrleans.Health;

/// <summary>
/// Says that this process is stopping before any part of it stops: not ready any more, it still listens and serves for as long as the load
/// balancer needs to hear of it.
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
