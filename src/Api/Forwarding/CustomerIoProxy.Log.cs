namespace CioOrleans.Api.Forwarding;

public sealed partial class CustomerIoProxy
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Workspace {Workspace} gave no permit to forward a request; the caller was asked to try again.")]
    private partial void LogNoPermit(string workspace, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "A request of workspace {Workspace} could not be forwarded to Customer.io.")]
    private partial void LogFailed(string workspace, Exception exception);
}
