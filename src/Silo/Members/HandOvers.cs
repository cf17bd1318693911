using CioOrleans.Grains;
using CioOrleans.Workspaces;

namespace CioOrleans.Silo.Members;

/// <summary>Moves the workspaces that live on this silo to others.</summary>
internal sealed partial class HandOvers(IGrainFactory grains, LocalWorkspaces local, SiloPeers peers, ILogger<HandOvers> logger)
{
    /// <summary>From now on no workspace settles here. Returns once those that live here have been handed over, or cannot be.</summary>
    public Task LeaveAsync() => Task.WhenAll(local.Leave().Select(HandOverAsync));

    private async Task HandOverAsync(string workspace)
    {
        try
        {
            var owner = grains.GetWorkspace(workspace);

            // The place of the successor goes with the drain: the grain migrates there, and its registration changes in one step.
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
