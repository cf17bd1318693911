using CioOrleans.Client.Operating;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Admin;

/// <summary>Hides what tells of persons from callers of the role <c>Read</c>, where <c>Admin:MaskPersonData</c> is set. A customer that the request itself names is not hidden.</summary>
internal sealed class MaskFilter(AdminSettings settings) : IEndpointFilter
{
    private const string Customer = "customer";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!settings.MaskPersonData || http.Features.GetRequiredFeature<AdminCaller>().Role == AdminRole.Operate)
        {
            return await next(context);
        }

        var mask = new PersonMask(NamedIn(http));
        http.Features.Set(mask);
        var result = await next(context);
        return result is IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: null or < StatusCodes.Status400BadRequest }
            ? TypedResults.Bytes(mask.Write(value), "application/json; charset=utf-8")
            : result;
    }

    /// <summary>The ordering key of the customer that the request names; null if it names none.</summary>
    private static string? NamedIn(HttpContext http)
    {
        if (http.Request.Query[Customer].ToString() is { Length: > 0 } asked)
        {
            return CustomerName.ToKey(asked);
        }

        return (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments.Select(segment => segment.Parts.OfType<Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart>().SingleOrDefault()?.Name).ToList() is { } names
            && names.IndexOf(Customer) is >= 0 and var index
            ? CustomerName.ToKey(index == names.Count - 1 ? CustomerSegment.Last(http.Request) : CustomerSegment.BeforeLast(http.Request))
            : null;
    }
}
