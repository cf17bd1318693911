using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Forwarding;

/// <summary>Forwards a request at once instead of queueing it, because the caller needs Customer.io's answer.</summary>
public interface IRequestForwarder
{
    /// <summary>Sends the request to Customer.io under a permit and passes the answer on to the caller.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="target">Path and query exactly as in the request line.</param>
    /// <param name="limitClass">The limit class of the request; <see cref="LimitClass.Query"/> goes to the App API, every other class to the Track API.</param>
    Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass);
}
