using Microsoft.Extensions.Logging;

namespace CioOrleans.Postgres.Outbox;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Schema: {Message}")]
    public static partial void Migration(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox database {Database} is open after {Elapsed}")]
    public static partial void Opened(ILogger logger, string database, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "synchronous_commit or fsync is off on {Database}: its crash would lose accepted calls")]
    public static partial void NotDurable(ILogger logger, string database);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox takes no writes: {Reason}")]
    public static partial void Failing(ILogger logger, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox takes writes again")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "One write was refused: {Reason}")]
    public static partial void WriteRefused(ILogger logger, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No partitions for the history could be made in {Database}; its rows are dropped until that works: {Reason}")]
    public static partial void NoPartitions(ILogger logger, string database, string reason, Exception exception);
}
