using Microsoft.Extensions.Logging;

namespace CioOrleans.Client;

internal sealed partial class Handover
{
    [LoggerMessage(1, LogLevel.Warning, "A call of workspace {Workspace} could not be handed to its grain. The caller is asked to try again once the deadline has passed.")]
    private static partial void LogAcceptFailed(ILogger logger, string workspace, Exception exception);
}
