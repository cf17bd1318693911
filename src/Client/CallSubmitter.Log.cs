using Microsoft.Extensions.Logging;

namespace CioOrleans.Client;

public sealed partial class CallSubmitter
{
    [LoggerMessage(1, LogLevel.Warning, "A call of workspace {Workspace} could not be passed to its customer's grain. The caller is asked to try again once the deadline has passed.")]
    private static partial void LogAcceptFailed(ILogger logger, string workspace, Exception exception);
}
