namespace CioOrleans.Api.Submission;

internal sealed partial class GrainCallSink
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A call of workspace {Workspace} was not passed to its customer's grain. Nothing was stored. The caller is asked to try again.")]
    private partial void LogNotPassed(string workspace, Exception exception);
}
