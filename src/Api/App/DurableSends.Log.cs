namespace CioOrleans.Api.App;

internal sealed partial class DurableSends
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "What became of a stored send of workspace {Workspace} could not be asked; the caller was asked to try again.")]
    private partial void LogNotFound(string workspace, Exception exception);
}
