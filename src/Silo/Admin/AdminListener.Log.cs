namespace CioOrleans.Silo.Admin;

internal sealed partial class AdminListener
{
    [LoggerMessage(LogLevel.Information, "The admin listener serves {Address}.")]
    private static partial void LogServing(ILogger logger, string address);
}
