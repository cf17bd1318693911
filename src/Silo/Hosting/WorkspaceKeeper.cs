using CioOrleans.Configuration;
using CioOrleans.Health;
using CioOrleans.Workspaces;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Keeps every workspace owned: starts its grain with the silo, looks after it, and drains it before the silo stops, so that
/// nothing in flight is cut off and sent again.
/// </summary>
internal sealed partial class WorkspaceKeeper(IGrainFactory grains, WorkspaceCatalog workspaces, Readiness readiness, TimeProvider time, ILogger<WorkspaceKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.IsDraining = true;
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(workspaces.All.Select(workspace => DrainAsync(workspace.Name)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var started = await Task.WhenAll(workspaces.All.Select(workspace => EnsureStartedAsync(workspace.Name)));
                readiness.AreWorkspacesStarted = Array.TrueForAll(started, isStarted => isStarted);
                await Task.Delay(_every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<bool> EnsureStartedAsync(string workspace)
    {
        try
        {
            await grains.GetGrain<IWorkspaceGrain>(workspace).EnsureStarted();
            return true;
        }
        catch (Exception exception)
        {
            LogNotStarted(logger, workspace, exception);
            return false;
        }
    }

    private async Task DrainAsync(string workspace)
    {
        try
        {
            await grains.GetGrain<IWorkspaceGrain>(workspace).Drain();
        }
        catch (Exception exception)
        {
            LogNotDrained(logger, workspace, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Workspace {Workspace} could not be started; it is tried again in ten seconds.")]
    private static partial void LogNotStarted(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace} could not be drained; what was in flight may be sent again, under the same id.")]
    private static partial void LogNotDrained(ILogger logger, string workspace, Exception exception);
}
