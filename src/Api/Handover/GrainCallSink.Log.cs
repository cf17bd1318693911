namespace CioOrleans.Api.Handover;

internal sealed partial class GrainCallSink
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A call of workspace {Workspace} could not be handed to its customer's grain. The caller is asked to try again once the deadline has passed.")]
    private partial void LogAcceptFailed(string workspace, Exception exception);
}
