namespace CioOrleans.Api.App;

internal sealed partial class KeyedSends
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of a keyed send of workspace {Workspace} could not be asked; it is asked again until the caller's deadline.")]
    private partial void LogNotAsked(string workspace, Exception exception);
}
