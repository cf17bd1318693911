using Microsoft.Extensions.Logging;

namespace CioOrleans.Delivery.Forwarding;

public sealed partial class ForwardPermits
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Workspace {Workspace} gave no permit to forward a request; the caller was asked to try again.")]
    private partial void LogNoPermit(string workspace, Exception exception);
}
