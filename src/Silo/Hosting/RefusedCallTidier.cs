using CioOrleans.Grains.Configuration;
using CioOrleans.Refusing;

namespace CioOrleans.Silo.Hosting;

/// <summary>Has refused calls deleted once they are too old, also in workspaces where no further call is refused.</summary>
internal sealed partial class RefusedCallTidier(IGrainFactory grains, WorkspaceCatalog workspaces, TimeProvider time, ILogger<RefusedCallTidier> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_every, time, stoppingToken);
                foreach (var workspace in workspaces.All)
                {
                    await TidyAsync(workspace.Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task TidyAsync(string workspace)
    {
        try
        {
            await grains.GetGrain<IRefusedCallGrain>(workspace).Tidy();
        }
        catch (Exception exception)
        {
            LogNotTidied(logger, workspace, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: old refused calls were not deleted ({Reason}); it is tried again in 10 minutes.")]
    private static partial void LogNotTidied(ILogger logger, string workspace, string reason);
}
