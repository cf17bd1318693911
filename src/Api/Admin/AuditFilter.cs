using CioOrleans.Auditing;
using CioOrleans.Silo.Admin;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Admin;

/// <summary>
/// Records each request that changes something. It records the request before the change, so that no change is unrecorded, and again with the answer's
/// status.
/// </summary>
internal sealed partial class AuditFilter(IGrainFactory grains, TimeProvider time, ILogger<AuditFilter> logger) : IEndpointFilter
{
    /// <summary>How many characters of a body are recorded. A body may hold a selection or a reason.</summary>
    private const int MaxBody = 1_000;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return await next(context);
        }

        var entry = new AuditEntry(
            Ulid.NewUlid(time.GetUtcNow()),
            http.Features.GetRequiredFeature<AdminCaller>().Name,
            $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
            await SelectionOfAsync(http),
            Status: null);
        if (await RecordAsync(entry) is { } reason)
        {
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, $"Nothing was done, because it cannot be recorded: {reason}");
        }

        var result = await next(context);
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        if (await RecordAsync(entry with { Status = status }) is { } lost)
        {
            LogStatusLost(logger, entry.Id, status, lost);
        }

        return result;
    }

    private async ValueTask<string?> RecordAsync(AuditEntry entry)
    {
        try
        {
            return await grains.GetGrain<IAuditGrain>(0).Record(entry);
        }
        catch (Exception exception) when (FailureFilter.IsOfGrain(exception))
        {
            return "the silos do not answer.";
        }
    }

    private static async Task<string> SelectionOfAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = await AdminBody.PeekAsync(http, MaxBody);
        return body.Length == 0 ? target : $"{target} {body}";
    }

    [LoggerMessage(LogLevel.Warning, "The audit entry {Entry} stays without its status {Status}: {Reason}")]
    private static partial void LogStatusLost(ILogger logger, Ulid entry, int status, string reason);
}
