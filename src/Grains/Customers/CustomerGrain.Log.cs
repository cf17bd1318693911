using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Customers;

internal sealed partial class CustomerGrain
{
    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: a failed attempt could not be stored ({Reason}); the call may get one attempt more.")]
    private static partial void LogAttemptNotStored(ILogger logger, string workspace, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace}: a call's end could not be stored ({Reason}); its customer waits until it can.")]
    private static partial void LogEndNotStored(ILogger logger, string workspace, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Workspace {Workspace}: a dead letter could not be read; the operator is asked to try again.")]
    private static partial void LogLetterNotRead(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Workspace {Workspace}: a customer's queue could not be read; it is tried again in a second.")]
    private static partial void LogNotReadable(ILogger logger, string workspace, Exception exception);
}
