using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Forwarding;

internal sealed partial class RequestForwarder
{
    [LoggerMessage(LogLevel.Warning, "A request of workspace {Workspace} could not be forwarded to Customer.io ({Error}).")]
    private static partial void LogFailed(ILogger logger, string workspace, ForwarderError error);
}
