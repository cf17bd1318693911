using CioOrleans.Configuration;
using CioOrleans.Grains;
using CioOrleans.Health;
using CioOrleans.Workspaces;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Keeps every workspace owned: starts its grain with the silo, looks after it, and hands over those that live on this silo before it
/// stops, so that nothing in flight is cut off and sent again.
/// </summary>
internal sealed partial class WorkspaceKeeper(
    IGrainFactory grains, WorkspaceCatalog workspaces, LocalWorkspaces local, SiloPeers peers, Readiness readiness, TimeProvider time, ILogger<WorkspaceKeeper> logger)
    : BackgroundService
{
    /// <summary>So soon after its owner's silo has gone a workspace has a new one.</summary>
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(local.Leave().Select(HandOverAsync));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var started = await Task.WhenAll(workspaces.All.Select(workspace => EnsureStartedAsync(workspace.Name)));

                // An owner that is lost later is replaced; that is no reason to send this process no calls.
                readiness.AreWorkspacesStarted |= Array.TrueForAll(started, isStarted => isStarted);
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
            await grains.GetWorkspace(workspace).EnsureStarted();
            return true;
        }
        catch (Exception exception)
        {
            LogNotStarted(logger, workspace, exception);
            return false;
        }
    }

    private async Task HandOverAsync(string workspace)
    {
        try
        {
            var owner = grains.GetWorkspace(workspace);
            await owner.Drain();
            await peers.PlaceElsewhereAsync(owner.EnsureStarted);
        }
        catch (Exception exception)
        {
            LogNotDrained(logger, workspace, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Workspace {Workspace} could not be started; it is tried again in a second.")]
    private static partial void LogNotStarted(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace} could not be handed over; what was in flight may be sent again, under the same id.")]
    private static partial void LogNotDrained(ILogger logger, string workspace, Exception exception);
}
