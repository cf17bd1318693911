using CioOrleans.Calls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CioOrleans.Guarding;

/// <summary>Answers a request that was refused.</summary>
/// <param name="response">Where to.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong with the request.</param>
public delegate Task GuardAnswer(HttpResponse response, int status, string message);

/// <summary>
/// Stands in front of all endpoints of a listener. Refuses a request whose target or headers could be read as something else on their way, answers 400 where a body turns
/// out to be malformed while it is read, and ends quietly where the caller has gone.
/// </summary>
public static class RequestGuard
{
    /// <summary>Runs what is behind the guard.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Its target in origin form.</param>
    /// <param name="next">What is behind the guard.</param>
    /// <param name="answer">Answers what the guard refuses.</param>
    public static Task InvokeAsync(HttpContext context, string target, RequestDelegate next, GuardAnswer answer) =>
        WhyRefused(target, context.Request.Headers) is { } problem
            ? answer(context.Response, StatusCodes.Status400BadRequest, problem)
            : GuardAsync(context, next, answer);

    /// <summary>
    /// Whether the server threw it because it could not read the caller's request. For a chunk's size beyond all bounds, and for a NUL in a trailer, it throws
    /// no exception of its own.
    /// </summary>
    public static bool IsMalformed(Exception exception) => exception
        is BadHttpRequestException
        or IOException { InnerException: OverflowException }
        or InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" };

    /// <summary>
    /// Lets no other request follow on this connection. Call it wherever an exception of a body's reader does not reach Kestrel: the end of that body is unknown, and
    /// Kestrel would go on to read behind it. The header alone does not do, because Kestrel ignores it once the connection has broken.
    /// </summary>
    public static void CloseAfterwards(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.Connection = "close";
        }

        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

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
            // Part of an answer has left: the caller must see it break off.
            context.Abort();
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            context.Response.Clear();
            CloseAfterwards(context);
            await answer(
                context.Response, (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, $"The request could not be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException || context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is left to be answered, and nothing is wrong here. Aborting as well would make the server warn of it.
            CloseAfterwards(context);
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
    }
}
