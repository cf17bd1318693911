using System.Net.Sockets;
using CioOrleans.Calls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CioOrleans.Silo.Guarding;

/// <summary>Answers a request that was refused.</summary>
/// <param name="response">The response to write.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong with the request.</param>
public delegate Task GuardAnswer(HttpResponse response, int status, string message);

/// <summary>
/// Runs before all endpoints of a listener. It refuses a request whose target or headers could be read differently by another server on the way, answers 400 if
/// a body turns out to be malformed while it is read, and ends a request without an error if the caller has disconnected.
/// </summary>
public static class RequestGuard
{
    /// <summary>Checks a request and runs the endpoints.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">The request's target in origin form.</param>
    /// <param name="next">Runs the endpoints.</param>
    /// <param name="answer">Answers requests that are refused.</param>
    public static Task InvokeAsync(HttpContext context, string target, RequestDelegate next, GuardAnswer answer) =>
        WhyRefused(target, context.Request.Headers) is { } problem
            ? answer(context.Response, StatusCodes.Status400BadRequest, problem)
            : GuardAsync(context, next, answer);

    /// <summary>
    /// Whether the server threw the exception because it could not read the caller's request. For a chunk's size that overflows, and for a NUL in a trailer, it
    /// throws no exception type of its own.
    /// </summary>
    public static bool IsMalformed(Exception exception) => exception
        is BadHttpRequestException
        or IOException { InnerException: OverflowException }
        or InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" };

    /// <summary>Whether the server threw the exception because the connection of the caller has ended.</summary>
    public static bool IsDisconnect(Exception exception) => exception is ConnectionResetException or ConnectionAbortedException;

    /// <summary>
    /// Ends the request of a caller who has disconnected. Call it wherever such an exception of a body's reader does not reach the guard: Kestrel's reader learns
    /// of a reset before the rest of Kestrel does, and without an abort Kestrel would read on and log an error.
    /// </summary>
    public static void EndUnanswered(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }

        context.Abort();
    }

    /// <summary>
    /// Closes the connection after this request. Call it wherever an exception of a body's reader does not reach Kestrel: the end of that body is unknown, and
    /// Kestrel would read on after it. The header alone is not enough, because Kestrel ignores it once the connection has broken.
    /// </summary>
    public static void CloseAfterwards(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.Connection = "close";
        }

        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>
    /// Whether a body's reader threw the exception because the connection has failed. For an abort, for what the kernel reports and for TLS that cannot be
    /// decrypted, it throws exceptions that others throw as well; theirs do not reach the guard unwrapped.
    /// </summary>
    private static bool IsBrokenConnection(Exception exception) => exception
        is TaskCanceledException { InnerException: ConnectionAbortedException }
        or SocketException
        or IOException { Source: "System.Net.Security" };

    private static string? WhyRefused(string target, IHeaderDictionary headers)
    {
        if (CallRules.WhyBadTarget(target) is { } problem)
        {
            return problem;
        }

        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                if (CallRules.WhyBadHeader(name, value ?? string.Empty) is { } bad)
                {
                    return bad;
                }
            }
        }

        return null;
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, GuardAnswer answer)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsMalformed(exception) && (context.Response.HasStarted || context.Response.BodyWriter.UnflushedBytes > 0))
        {
            // A part of the answer was sent, so the connection is aborted to show the caller that the answer is incomplete.
            context.Abort();
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            context.Response.Clear();
            CloseAfterwards(context);
            await answer(
                context.Response, (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, $"The request could not be read: {exception.Message}");
        }
        catch (Exception exception) when (IsDisconnect(exception) || IsBrokenConnection(exception) || context.RequestAborted.IsCancellationRequested)
        {
            EndUnanswered(context);
        }
    }
}
