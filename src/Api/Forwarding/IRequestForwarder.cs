using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Forwarding;

/// <summary>Forwards a request that cannot wait in a queue, because its answer is what the caller wants.</summary>
public interface IRequestForwarder
{
    /// <summary>Sends the request to the workspace's API within its limit and passes the answer on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="target">Path and query exactly as they stood in the request line.</param>
    /// <param name="limitClass">Whose tokens the request takes; <see cref="LimitClass.Query"/> goes to the App API, every other class to the Track API.</param>
    Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass);
}
