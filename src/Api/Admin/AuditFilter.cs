using CioOrleans.Client.Operating;
using CioOrleans.Silo.Admin;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Admin;

/// <summary>Records each request that changes something. A request that cannot be recorded is refused.</summary>
internal sealed class AuditFilter(AuditTrail audit) : IEndpointFilter
{
    /// <summary>How many characters of a body are recorded. A body may hold a selection or a reason.</summary>
    private const int MaxBody = 1_000;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return await next(context);
        }

        var (entry, problem) = await audit.BeginAsync(
            http.Features.GetRequiredFeature<AdminCaller>().Name,
            $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
            await SelectionOfAsync(http));
        if (entry is null)
        {
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, $"Nothing was done, because it cannot be recorded: {problem}");
        }

        var result = await next(context);
        await audit.EndAsync(entry, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
        return result;
    }

    private static async Task<string> SelectionOfAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = await AdminBody.PeekAsync(http, MaxBody);
        return body.Length == 0 ? target : $"{target} {body}";
    }
}
