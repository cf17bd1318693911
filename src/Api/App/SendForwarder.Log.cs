namespace CioOrleans.Api.App;

internal sealed partial class SendForwarder
{
    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "A customer of workspace {Workspace} could not be asked what waits for it; the caller of a send was asked to try again.")]
    private partial void LogNotAsked(string workspace, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Workspace {Workspace}: whether a message of class {LimitClass} was sent is unknown ({Reason}); it is not repeated, and its caller was told.")]
    private partial void LogUnknown(string workspace, string limitClass, string reason);
}
