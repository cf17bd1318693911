using Microsoft.Extensions.Logging;

namespace CioOrleans.Postgres.Leasing;

public sealed partial class PostgresLeaseStore
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock could not be read: {Reason}")]
    private static partial void LogClockNotRead(ILogger logger, string reason);
}
