namespace CioOrleans.Api.Pipelines;

internal sealed partial class RefusedCallWriter
{
    [LoggerMessage(LogLevel.Warning, "{Count} refused Pipelines calls were not kept for operators: {Reason}.")]
    private partial void LogNotStored(long count, string reason);
}
