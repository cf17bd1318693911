using Microsoft.Extensions.Logging;

namespace CioOrleans.Imports;

public sealed partial class ImportTally
{
    [LoggerMessage(1, LogLevel.Warning, "Workspace {Workspace}: an import's counts could not be handed over; they are handed over later.")]
    private static partial void LogNotReported(ILogger logger, string workspace, Exception exception);
}
