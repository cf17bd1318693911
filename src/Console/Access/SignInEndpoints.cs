using CioOrleans.Console.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CioOrleans.Console.Access;

/// <summary>Signing in and out. The forms carry an anti-forgery token, which the routing checks.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", (HttpContext http, IConsoleAccess access, string? back) => http.User.Identity is { IsAuthenticated: true } || !access.NeedsKey
            ? Results.LocalRedirect(Safe(http, back))
            : Page(back, null, StatusCodes.Status200OK));
        routes.MapPost("/sign-in", (HttpContext http, IConsoleAccess access, ConsoleGate gate, SignInLimit limit, [FromForm] string? key, [FromForm] string? back) =>
        {
            if (!limit.Admits(http.Connection.RemoteIpAddress))
            {
                return Page(back, "Too many tries. Wait a minute.", StatusCodes.Status429TooManyRequests);
            }

            if (access.Find((key ?? "").Trim()) is not { } caller)
            {
                return Page(back, "There is no such key.", StatusCodes.Status401Unauthorized);
            }

            gate.SignIn(http, caller);
            return Results.LocalRedirect(Safe(http, back));
        });
        routes.MapPost("/sign-out", (HttpContext http, ConsoleGate gate, [FromForm] string? _) =>
        {
            gate.SignOut(http);
            return Results.LocalRedirect($"{http.Request.PathBase}/sign-in");
        });
    }

    private static RazorComponentResult<SignIn> Page(string? back, string? problem, int status) =>
        new(new Dictionary<string, object?> { [nameof(SignIn.Back)] = back, [nameof(SignIn.Problem)] = problem }) { StatusCode = status };

    /// <summary>An address of the console, whatever the form says.</summary>
    private static string Safe(HttpContext http, string? back) =>
        back is ['/', not ('/' or '\\'), ..] && Uri.TryCreate(back, UriKind.Relative, out _) && back.All(letter => letter is > ' ' and < '\x7f') ? $"{http.Request.PathBase}{back}" : $"{http.Request.PathBase}/";
}
