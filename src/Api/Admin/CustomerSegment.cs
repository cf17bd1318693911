using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Admin;

/// <summary>The customer in an admin path.</summary>
internal static class CustomerSegment
{
    /// <summary>
    /// The last segment, decoded. It is read from the request line: a route value keeps <c>%2F</c> encoded and decodes <c>%252F</c> to <c>%2F</c>, so the
    /// two would look alike.
    /// </summary>
    public static string Last(HttpRequest request) => Read(request, behind: 0);

    /// <summary>The segment before the last one, decoded in the same way.</summary>
    public static string BeforeLast(HttpRequest request) => Read(request, behind: 1);

    private static string Read(HttpRequest request, int behind)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? target : target[..query]).TrimEnd('/');
        return Uri.UnescapeDataString(path.Split('/')[^(behind + 1)]);
    }
}
