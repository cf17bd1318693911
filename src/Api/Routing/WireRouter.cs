using CioOrleans.Api.Track;

namespace CioOrleans.Api.Routing;

/// <summary>One of Customer.io's APIs. It reads the raw request target: a route value would leave <c>%2F</c> undecoded.</summary>
internal interface IWireApi
{
    /// <summary>Serves the request if its path is one of this API's. Otherwise returns null and changes nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Path and query from <see cref="RawTarget.Of"/>.</param>
    Task? TryServe(HttpContext context, string target);
}

/// <summary>
/// Serves the registered <see cref="IWireApi"/>s ahead of routing, which would cost as much as an accept. No path belongs to two of them, except that the
/// Pipelines API has its calls below the App API's root: the order of registration decides, and the most frequent API comes first.
/// </summary>
internal sealed class WireRouter(RequestDelegate next, IEnumerable<IWireApi> apis)
{
    private readonly IWireApi[] _apis = [.. apis];

    public Task InvokeAsync(HttpContext context)
    {
        var target = RawTarget.Of(context);
        foreach (var api in _apis)
        {
            if (api.TryServe(context, target) is { } served)
            {
                return served;
            }
        }

        return next(context);
    }
}
