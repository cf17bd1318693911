using CioOrleans.Api.Answers;
using CioOrleans.Api.Pipelines;
using CioOrleans.Api.Track;
using CioOrleans.Api.TrackV2;
using CioOrleans.Calls;
using CioOrleans.Silo.Guarding;

namespace CioOrleans.Api.Guarding;

/// <summary>Guards the front-end's listener. It refuses a request in the form of the API that the path belongs to.</summary>
internal sealed class ApiGuard
{
    private const string TrackV1 = "/api/v1/";
    private const string TrackV2 = "/api/v2/";
    private const string App = "/v1/";
    private const string Sends = "/v1/send/";
    private const string Campaigns = "/v1/campaigns/";

    private readonly RequestDelegate _next;
    private readonly RefusalMetrics _metrics;
    private readonly GuardAnswer _refuse;

    public ApiGuard(RequestDelegate next, RefusalMetrics metrics)
    {
        _next = next;
        _metrics = metrics;
        _refuse = RefuseAsync;
    }

    public Task InvokeAsync(HttpContext context)
    {
        foreach (var connection in context.Request.Headers.Connection)
        {
            if (connection?.EndsWith(ConnectionEncoding.Close, StringComparison.Ordinal) == true)
            {
                context.Response.Headers.Connection = "close";
            }
        }

        var target = RawTarget.Of(context);
        return RequestGuard.InvokeAsync(context, target, _next, _refuse);
    }

    /// <summary>Refuses in the form of the API that the path belongs to.</summary>
    private Task RefuseAsync(HttpResponse response, int status, string message)
    {
        var target = RawTarget.Of(response.HttpContext);
        var refusal = new Refusal(status, message);
        _metrics.Refused(RefusalReason.Invalid);
        if (target.StartsWith(TrackV2, StringComparison.Ordinal))
        {
            TrackV2Answer.Refuse(response, refusal.Status, OperationError.Malformed(refusal.Message));
            return Task.CompletedTask;
        }

        var listsErrors = target.StartsWith(TrackV1, StringComparison.Ordinal)
            || (target.StartsWith(App, StringComparison.Ordinal) && !target.StartsWith(Sends, StringComparison.Ordinal) && !target.StartsWith(Campaigns, StringComparison.Ordinal));
        Answer.Refuse(
            response,
            refusal,
            (PipelinesCall.Find(RawTarget.PathOf(target)) ?? BrowserPath.NameOf(RawTarget.PathOf(target))) is not null ? ErrorShape.Pipelines : listsErrors ? ErrorShape.List : ErrorShape.Single);
        return Task.CompletedTask;
    }
}
