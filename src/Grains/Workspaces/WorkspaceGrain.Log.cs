using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    [LoggerMessage(1, LogLevel.Information, "Workspace {Workspace}: owned, epoch {Epoch}; nothing is sent for {QuietFor}, until a predecessor's requests have ended, and tokens are there one window later.")]
    private static partial void LogStarted(ILogger logger, string workspace, long epoch, TimeSpan quietFor);

    [LoggerMessage(11, LogLevel.Information, "Workspace {Workspace}: owned, epoch {Epoch}; taken over with its tokens from an owner that stopped in good order.")]
    private static partial void LogTakenOver(ILogger logger, string workspace, long epoch);

    [LoggerMessage(2, LogLevel.Information, "Workspace {Workspace}: given up, epoch {Epoch} ({Reason}).")]
    private static partial void LogStopped(ILogger logger, string workspace, long epoch, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Workspace {Workspace}: a delivery's outcome is unknown; its customer is tried again in a second.")]
    private static partial void LogDeliveryLost(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Workspace {Workspace}: a call became a dead letter after {Attempts} attempts ({Reason}).")]
    private static partial void LogDeadLetter(ILogger logger, string workspace, int attempts, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Workspace {Workspace}: a call was refused for good with {Status} and became a dead letter.")]
    private static partial void LogRejected(ILogger logger, string workspace, int status);

    [LoggerMessage(6, LogLevel.Error, "Workspace {Workspace}: Customer.io's {Host} answers {Reason}. Check {Settings} and Region; nothing is lost, one call a minute is tried until it succeeds.")]
    private static partial void LogMisconfigured(ILogger logger, string workspace, string host, string reason, string settings);

    [LoggerMessage(7, LogLevel.Warning, "Workspace {Workspace}: the lease of epoch {Epoch} is lost to another owner.")]
    private static partial void LogLeaseLost(ILogger logger, string workspace, long epoch);

    [LoggerMessage(8, LogLevel.Warning, "Workspace {Workspace}: the sweep over the outbox failed and is repeated in half a minute.")]
    private static partial void LogSweepFailed(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(42, LogLevel.Warning, "Workspace {Workspace}: {Count} customers had waiting calls that the workspace did not know of. They are delivered now.")]
    private static partial void LogForgotten(ILogger logger, string workspace, int count);

    [LoggerMessage(43, LogLevel.Warning, "Workspace {Workspace}: {Count} dead letters were deleted, because they are older than DeadLetters:Keep, which is {Hours} h.")]
    private static partial void LogLettersDeleted(ILogger logger, string workspace, int count, double hours);

    [LoggerMessage(10, LogLevel.Warning, "Workspace {Workspace}: the lease could not be prolonged; nothing is sent once it has ended.")]
    private static partial void LogLeaseNotRenewed(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "Workspace {Workspace}: the queue's depth could not be measured.")]
    private static partial void LogNotMeasured(ILogger logger, string workspace, Exception exception);
}
