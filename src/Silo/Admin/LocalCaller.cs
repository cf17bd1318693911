using System.Net;

namespace CioOrleans.Silo.Admin;

/// <summary>Tells a caller on this machine from requests that only look local.</summary>
internal static class LocalCaller
{
    private static readonly string[] _forwarding =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Real-IP"];

    public static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>A web page can resolve its own host name to 127.0.0.1. Then the request's <c>Host</c> header still has that name.</summary>
    public static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IsLoopback(address));

    /// <summary>A proxy on this machine forwards requests of other machines.</summary>
    public static bool WasForwarded(IHeaderDictionary headers) => _forwarding.Any(headers.ContainsKey);

    /// <summary>A browser on this machine sends requests for web pages from elsewhere. Its headers say so.</summary>
    public static bool IsFromWebPage(IHeaderDictionary headers) =>
        headers.ContainsKey("Origin") || (headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "none");
}
