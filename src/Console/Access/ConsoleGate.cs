using System.Security.Claims;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace CioOrleans.Console.Access;

/// <summary>
/// Decides which requests reach the console: those of the console's own pages, with a session or, where no key is configured, from this machine. Any other site
/// that a browser shows is refused, also for web sockets, which the browser's same-origin rule does not cover.
/// </summary>
internal sealed class ConsoleGate(IConsoleAccess access, ConsoleSessions sessions)
{
    /// <summary>The claim with the id of the session; absent where no key is needed.</summary>
    public const string SessionClaim = "session";

    /// <summary>The role of a caller who may change something.</summary>
    public const string OperateRole = "Operate";

    private const string Cookie = "cio-console";
    private const string SignInPath = "/sign-in";
    private const string AssetsPath = "/assets";

    /// <summary>The path of Orleans' own dashboard below the console.</summary>
    public const string OrleansPath = "/orleans";

    /// <summary>
    /// Scripts and styles come from the console alone; nothing is written into the page that could be one. Attributes of styles carry widths and positions.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Its style sheet carries small fonts in itself.</summary>
    private static readonly string _orleansPolicy = Policy.Replace("font-src 'self'", "font-src 'self' data:", StringComparison.Ordinal);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        WriteHeaders(http.Response.Headers, http.Request.Path.StartsWithSegments(OrleansPath, StringComparison.Ordinal) ? _orleansPolicy : Policy);
        if (WhyForeign(http) is { } problem)
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, problem);
            return;
        }

        if (!http.Request.Path.HasValue)
        {
            // The links of the pages are relative to the folder.
            http.Response.Redirect($"{http.Request.PathBase}/");
            return;
        }

        if (http.Request.Path.StartsWithSegments(AssetsPath, StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        if (Identify(http) is { } user)
        {
            http.User = user;
            await next(http);
        }
        else if (!access.NeedsKey)
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "Without a key only callers on the same machine are let in: set Dispatcher:Admin:ApiKey and sign in with it.");
        }
        else if (http.Request.Path.StartsWithSegments(SignInPath, StringComparison.Ordinal))
        {
            await next(http);
        }
        else if (http.WebSockets.IsWebSocketRequest || !IsNavigation(http.Request))
        {
            await RefuseAsync(http, StatusCodes.Status401Unauthorized, "Sign in first.");
        }
        else if (http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            // A link on another site: the browser leaves the cookie out. It sends it where this page asks again.
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync("<!DOCTYPE html><html lang=\"en\"><title>CioOrleans</title><meta http-equiv=\"refresh\" content=\"0\">");
        }
        else
        {
            http.Response.Redirect(QueryHelpers.AddQueryString($"{http.Request.PathBase}{SignInPath}", "back", Below(http.Request)));
        }
    }

    /// <summary>Signs a caller in.</summary>
    public void SignIn(HttpContext http, ConsoleCaller caller) => http.Response.Cookies.Append(Cookie, sessions.Start(caller), CookieFor(http));

    /// <summary>Ends the session of the request.</summary>
    public void SignOut(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is { } token)
        {
            sessions.End(ConsoleSessions.IdOf(token));
        }

        http.Response.Cookies.Delete(Cookie, CookieFor(http));
    }

    /// <summary>The caller, as long as the session lasts; null once it has ended.</summary>
    public ConsoleCaller? Find(ClaimsPrincipal user) => user switch
    {
        { Identity.IsAuthenticated: false } => null,
        _ when user.FindFirstValue(SessionClaim) is { } session => sessions.Find(session),
        _ => access.NeedsKey ? null : new ConsoleCaller(user.Identity!.Name!, user.IsInRole(OperateRole)),
    };

    private static void WriteHeaders(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
    }

    /// <summary>Why a request is one of another site; null if it is not.</summary>
    private static string? WhyForeign(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Origin is { Count: > 0 } origin && !(Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var page) && page.Authority == http.Request.Host.Value))
        {
            return "A page of another origin may not use the console.";
        }

        if (http.WebSockets.IsWebSocketRequest && headers.Origin.Count == 0)
        {
            return "A web socket needs an Origin.";
        }

        // A link on another site may lead here. Nothing else of another site may.
        return headers["Sec-Fetch-Site"].ToString() is not ("" or "none" or "same-origin") && !IsNavigation(http.Request)
            ? "Another site may link to the console, and nothing else."
            : null;
    }

    private static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"].ToString() is "" or "navigate"
        && request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    private static async Task RefuseAsync(HttpContext http, int status, string problem)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(problem);
    }

    private static string Below(HttpRequest request) => UriHelper.BuildRelative(path: request.Path, query: request.QueryString);

    private static CookieOptions CookieFor(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps || http.Request.Headers["X-Forwarded-Proto"] == "https",
        Path = http.Request.PathBase,
        IsEssential = true,
    };

    private ClaimsPrincipal? Identify(HttpContext http)
    {
        if (!access.NeedsKey)
        {
            return access.FindLocal(http) is { } local ? PrincipalOf(local, null) : null;
        }

        return http.Request.Cookies[Cookie] is { } token && ConsoleSessions.IdOf(token) is var id && sessions.Find(id) is { } caller ? PrincipalOf(caller, id) : null;
    }

    private static ClaimsPrincipal PrincipalOf(ConsoleCaller caller, string? session)
    {
        var identity = new ClaimsIdentity("console");
        identity.AddClaim(new Claim(ClaimTypes.Name, caller.Name));
        if (caller.MayOperate)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, OperateRole));
        }

        if (session is not null)
        {
            identity.AddClaim(new Claim(SessionClaim, session));
        }

        return new ClaimsPrincipal(identity);
    }
}
