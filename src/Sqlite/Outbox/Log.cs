using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Schema: {Message}")]
    public static partial void Migration(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox {Path} is open after {Elapsed}")]
    public static partial void Opened(ILogger logger, string path, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox takes no writes: {Reason}")]
    public static partial void Failing(ILogger logger, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox's disk is nearly full: no new calls are taken, and those that wait are delivered")]
    public static partial void NoRoom(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox's disk has room again: new calls are taken")]
    public static partial void RoomAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox's disk is full: its reserve of {Megabytes} MiB is given up, so that deliveries can be recorded")]
    public static partial void ReserveGivenUp(ILogger logger, long megabytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The outbox has set {Megabytes} MiB of its disk aside as a reserve")]
    public static partial void ReserveTaken(ILogger logger, long megabytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox {Path} was rebuilt, so that it gives space back from now on: {Before} bytes before, {After} after")]
    public static partial void Rebuilt(ILogger logger, string path, long before, long after);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox takes writes again")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox's write-ahead log could not be folded into the database: {Reason}")]
    public static partial void CheckpointFailed(ILogger logger, string reason);
}
