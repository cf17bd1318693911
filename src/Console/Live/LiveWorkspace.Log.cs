namespace CioOrleans.Console.Live;

internal sealed partial class LiveWorkspace
{
    [LoggerMessage(LogLevel.Warning, "Workspace {Workspace}: the console could not read it.")]
    private static partial void LogFailed(ILogger logger, string workspace, Exception exception);
}
