using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Batches;

internal sealed partial class BatchGrain
{
    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: a customer did not say what it has to send; its call goes with a later batch.")]
    private static partial void LogNoOffer(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace}: a customer could not be told what became of its call; the call will be repeated.")]
    private static partial void LogNotConcluded(ILogger logger, string workspace, Exception exception);
}
