using CioOrleans.Client.Operating;
using CioOrleans.Silo.Guarding;

namespace CioOrleans.Api.Admin;

/// <summary>Answers 503 if a grain does not answer, and an error if the request is malformed.</summary>
internal sealed partial class FailureFilter(ILogger<FailureFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (RequestGuard.IsMalformed(e))
        {
            RequestGuard.CloseAfterwards(context.HttpContext);
            return AdminAnswer.Error((e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (GrainFailures.IsOfGrain(e))
        {
            LogUnanswered(logger, e);
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, "The workspace does not answer at the moment; whether the call took effect is unknown.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An admin call was not answered by the grain.")]
    private static partial void LogUnanswered(ILogger logger, Exception exception);
}
