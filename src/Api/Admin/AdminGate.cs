using System.Security.Cryptography;
using System.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Admin;

/// <summary>
/// Who may call <c>/admin</c>. Where a key is configured: whoever has it. Without one: a caller on this machine, but neither a
/// proxy, which speaks for others, nor a browser that some web page sent.
/// </summary>
internal sealed class AdminGate(AdminSettings settings) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _keyHash = settings.ApiKey is { } key ? SHA256.HashData(Encoding.ASCII.GetBytes(key)) : null;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (_keyHash is null)
        {
            return IsFromThisMachine(http)
                ? await next(context)
                : AdminAnswer.Error(StatusCodes.Status403Forbidden, "Without a key only callers on the same machine are let in: set Dispatcher:Admin:ApiKey and send it as 'Authorization: Bearer <key>'.");
        }

        if (HasKey(http.Request, _keyHash))
        {
            return await next(context);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return AdminAnswer.Error(StatusCodes.Status401Unauthorized, "Send the key of Dispatcher:Admin:ApiKey as 'Authorization: Bearer <key>'.");
    }

    /// <summary>Compares hashes, so that neither content nor length of the key shows in the time it takes.</summary>
    private static bool HasKey(HttpRequest request, byte[] keyHash)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), keyHash);
    }

    private static bool IsFromThisMachine(HttpContext http) =>
        LocalCaller.IsLoopback(http.Connection.RemoteIpAddress)
        && LocalCaller.IsLoopbackHost(http.Request.Host.Host)
        && !LocalCaller.WasForwarded(http.Request.Headers)
        && !LocalCaller.IsFromWebPage(http.Request.Headers);
}
