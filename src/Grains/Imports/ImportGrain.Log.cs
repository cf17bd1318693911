using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Imports;

internal sealed partial class ImportGrain
{
    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: the progress of import {Import} could not be stored ({Reason}); after a crash its counts would be older.")]
    private static partial void LogNotStored(ILogger logger, string workspace, Ulid import, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Workspace {Workspace}: what waits of import {Import} could not be counted.")]
    private static partial void LogNotCounted(ILogger logger, string workspace, Ulid import, Exception exception);
}
