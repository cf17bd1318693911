using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Forwarding;

/// <summary>Forwards a request that cannot wait in a queue, because its answer is what the caller wants.</summary>
public interface ICustomerIoProxy
{
    /// <summary>Sends the request to the workspace's Track API within its limit and passes the answer on.</summary>
    Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, LimitClass limitClass);
}
