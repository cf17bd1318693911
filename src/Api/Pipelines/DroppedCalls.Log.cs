namespace CioOrleans.Api.Pipelines;

internal sealed partial class DroppedCalls
{
    [LoggerMessage(LogLevel.Warning, "A Pipelines request of workspace {Workspace} was answered 200 without {Count} of its calls, which are invalid. The first: {Problem}")]
    private partial void LogInvalid(string workspace, int count, string problem);
}
