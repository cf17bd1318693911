using CioOrleans.Silo.Configuration;

namespace CioOrleans.Silo.Admin;

/// <summary>A caller of the admin listener that <see cref="AdminGate"/> has let in.</summary>
/// <param name="Name">The name of the key, or <see cref="ThisMachine"/>.</param>
/// <param name="Role">What it may do.</param>
public sealed record AdminCaller(string Name, AdminRole Role)
{
    /// <summary>The name of a caller on the same machine if no key is configured.</summary>
    public const string ThisMachine = "loopback";
}

/// <summary>The roles that requests to the admin listener need.</summary>
public static class AdminRoles
{
    /// <summary>The role that a request of this method needs: reading for GET and HEAD, operating for every other.</summary>
    public static AdminRole Of(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? AdminRole.Read : AdminRole.Operate;
}

/// <summary>
/// Decides who may call the admin listener. If keys are configured: the holder of a key whose role allows the method. Without keys: a caller on this machine,
/// except for a proxy, which forwards other callers' requests, and a browser that sends the request of a web page.
/// </summary>
internal sealed class AdminGate(AdminAccess access)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!access.NeedsKey)
        {
            return AdminAccess.IsFromThisMachine(http) && !LocalCaller.IsFromWebPage(http.Request.Headers)
                ? AdmitAsync(http, new AdminCaller(AdminCaller.ThisMachine, AdminRole.Operate), next)
                : AdminError.WriteAsync(
                    http.Response, StatusCodes.Status403Forbidden, "Without a key only callers on the same machine are let in: set Dispatcher:Admin:ApiKey and send it as 'Authorization: Bearer <key>'.");
        }

        if (FindKey(http.Request) is not { } key)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return AdminError.WriteAsync(http.Response, StatusCodes.Status401Unauthorized, "Send the key of Dispatcher:Admin:ApiKey as 'Authorization: Bearer <key>'.");
        }

        return key.Role == AdminRole.Operate || AdminRoles.Of(http.Request.Method) == AdminRole.Read
            ? AdmitAsync(http, new AdminCaller(key.Name, key.Role), next)
            : AdminError.WriteAsync(http.Response, StatusCodes.Status403Forbidden, $"The key '{key.Name}' has the role Read, and this call needs Operate.");
    }

    private static Task AdmitAsync(HttpContext http, AdminCaller caller, RequestDelegate next)
    {
        http.Features.Set(caller);
        return next(http);
    }

    private AdminKey? FindKey(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? access.FindKey(header[Scheme.Length..].Trim()) : null;
    }
}
