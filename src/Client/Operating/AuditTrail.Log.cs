using Microsoft.Extensions.Logging;

namespace CioOrleans.Client.Operating;

public sealed partial class AuditTrail
{
    [LoggerMessage(LogLevel.Warning, "The audit entry {Entry} stays without its status {Status}: {Reason}")]
    private static partial void LogStatusLost(ILogger logger, Ulid entry, int status, string reason);
}
