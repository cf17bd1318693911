using CioOrleans.Addressing;
using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Silo.Members;

/// <summary>Hands the workspaces on this silo over to other silos.</summary>
internal sealed partial class HandOvers(IGrainFactory grains, LocalWorkspaces local, SiloPeers peers, ILogger<HandOvers> logger)
{
    /// <summary>Takes no more workspaces on this silo. Returns once its workspaces have been handed over or cannot be.</summary>
    public Task LeaveAsync() => Task.WhenAll(local.Leave().Select(HandOverAsync));

    private async Task HandOverAsync(string workspace)
    {
        try
        {
            var owner = grains.GetWorkspace(workspace);

            // The drain call carries the successor's place: the grain migrates there, and its registration changes in one step.
            await peers.PlaceElsewhereAsync(owner.Drain);
            if (peers.Others.Count > 0)
            {
                await peers.PlaceElsewhereAsync(owner.EnsureStarted);
            }
        }
        catch (Exception exception)
        {
            LogNotDrained(logger, workspace, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workspace {Workspace} could not be handed over ({Reason}); what was in flight may be sent again, under the same id.")]
    private static partial void LogNotDrained(ILogger logger, string workspace, string reason);
}
