namespace CioOrleans.Api.Handover;

public sealed partial class GrainCallSink
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A call of workspace {Workspace} could not be handed to its customer's grain; the caller was asked to try again.")]
    private partial void LogAcceptFailed(string workspace, Exception exception);
}
