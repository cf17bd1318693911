using Microsoft.Extensions.Logging;

namespace CioOrleans.Dispatching;

internal sealed partial class Handover
{
    [LoggerMessage(1, LogLevel.Warning, "A call of workspace {Workspace} could not be handed to its grain; the caller was asked to try again.")]
    private static partial void LogAcceptFailed(ILogger logger, string workspace, Exception exception);
}
