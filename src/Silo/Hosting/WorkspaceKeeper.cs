using CioOrleans.Addressing;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Workspaces;
using CioOrleans.Silo.Health;
using CioOrleans.Silo.Members;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Keeps every workspace owned: starts each workspace's grain with the silo, checks it, and hands over the workspaces on this silo before the silo stops, so
/// that no request in flight is cut off and repeated.
/// </summary>
internal sealed partial class WorkspaceKeeper(
    IGrainFactory grains, WorkspaceCatalog workspaces, LocalWorkspaces local, SiloPeers peers, HandOvers handOvers, LocalDeliveries deliveries, Readiness readiness, TimeProvider time, ILogger<WorkspaceKeeper> logger)
    : BackgroundService
{
    /// <summary>Upper bound for the time until a workspace has a new owner after its owner's silo has left.</summary>
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await handOvers.LeaveAsync();

        // While this silo can still answer: the owners get the outcome of every delivery, and learn that later ones were not sent.
        await deliveries.StopAsync().WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var started = await Task.WhenAll(workspaces.All.Select(workspace => EnsureStartedAsync(workspace.Name)));

                // An owner that is lost later is replaced, so the process stays ready.
                readiness.AreWorkspacesStarted |= Array.TrueForAll(started, isStarted => isStarted);
                await Task.Delay(_every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task<bool> EnsureStartedAsync(string workspace)
    {
        var owner = grains.GetWorkspace(workspace);
        try
        {
            try
            {
                await owner.EnsureStarted();
            }
            catch (SiloLeavingException) when (!local.IsLeaving)
            {
                // Orleans wanted to place the grain on a silo that takes no workspaces any more. Place it on this silo.
                await peers.PlaceHereAsync(owner.EnsureStarted);
            }

            return true;
        }
        catch (Exception exception)
        {
            LogNotStarted(logger, workspace, exception.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace} has no owner that answers ({Reason}); it is tried again in a second.")]
    private static partial void LogNotStarted(ILogger logger, string workspace, string reason);
}
