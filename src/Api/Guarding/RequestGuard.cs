using CioOrleans.Api.Answers;
using CioOrleans.Api.Pipelines;
using CioOrleans.Api.Track;
using CioOrleans.Api.TrackV2;
using CioOrleans.Calls;
using CioOrleans.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Guarding;

/// <summary>
/// Stands in front of all endpoints. Refuses a request whose target or headers could be read as something else on their way, answers 400 where a body turns
/// out to be malformed while it is read, and ends quietly where the caller has gone.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, DispatcherMetrics metrics)
{
    private const string TrackV1 = "/api/v1/";
    private const string TrackV2 = "/api/v2/";
    private const string App = "/v1/";
    private const string Sends = "/v1/send/";
    private const string Campaigns = "/v1/campaigns/";

    public Task InvokeAsync(HttpContext context)
    {
        foreach (var connection in context.Request.Headers.Connection)
        {
            if (connection?.EndsWith(ConnectionEncoding.Close, StringComparison.Ordinal) == true)
            {
                context.Response.Headers.Connection = "close";
            }
        }

        var target = RawTarget.ToOriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (WhyRefused(target, context.Request.Headers) is not { } problem)
        {
            return GuardAsync(context, target);
        }

        Refuse(context.Response, target, Refusal.BadRequest(problem));
        return Task.CompletedTask;
    }

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

    private async Task GuardAsync(HttpContext context, string target)
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
            Refuse(context.Response, target, new Refusal((exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, $"The request could not be read: {exception.Message}"));
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

    /// <summary>In the shape of the API that the path belongs to.</summary>
    private void Refuse(HttpResponse response, string target, Refusal refusal)
    {
        metrics.Refused(RefusalReason.Invalid);
        if (target.StartsWith(TrackV2, StringComparison.Ordinal))
        {
            TrackV2Answer.Refuse(response, refusal.Status, OperationError.Malformed(refusal.Message));
            return;
        }

        var listsErrors = target.StartsWith(TrackV1, StringComparison.Ordinal)
            || (target.StartsWith(App, StringComparison.Ordinal) && !target.StartsWith(Sends, StringComparison.Ordinal) && !target.StartsWith(Campaigns, StringComparison.Ordinal));
        Answer.Refuse(
            response,
            refusal,
            PipelinesCall.Find(RawTarget.PathOf(target)) is not null ? ErrorShape.Pipelines : listsErrors ? ErrorShape.List : ErrorShape.Single);
    }
}
