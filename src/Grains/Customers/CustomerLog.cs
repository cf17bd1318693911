using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Customers;

/// <summary>The log messages of a customer's grain and of the classes around it.</summary>
internal static partial class CustomerLog
{
    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: a failed attempt could not be stored ({Reason}); the call may get one attempt more.")]
    public static partial void AttemptNotStored(this ILogger logger, string workspace, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace}: a call's end could not be stored ({Reason}); its customer waits until it can.")]
    public static partial void EndNotStored(this ILogger logger, string workspace, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Workspace {Workspace}: a customer's queue could not be read; it is tried again in a second.")]
    public static partial void QueueNotRead(this ILogger logger, string workspace, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Workspace {Workspace}: a dead letter could not be read; the operator is asked to try again.")]
    public static partial void LetterNotRead(this ILogger logger, string workspace, Exception exception);
}
