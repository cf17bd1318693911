using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Schema: {Message}")]
    public static partial void Migration(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox {Path} is open after {Elapsed}")]
    public static partial void Opened(ILogger logger, string path, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox takes no writes: {Reason}")]
    public static partial void Failing(ILogger logger, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox takes writes again")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox's write-ahead log could not be folded into the database: {Reason}")]
    public static partial void CheckpointFailed(ILogger logger, string reason);
}
