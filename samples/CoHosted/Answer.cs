using CioOrleans.Customers;

namespace CioOrleans.Samples.CoHosted;

/// <summary>What the shop answers once the dispatcher has decided.</summary>
internal static class Answer
{
    public static IResult To(AcceptResult result) => result switch
    {
        AcceptResult.NotAccepted refused => new TryAgain(refused.RetryAfter),
        _ => Results.Accepted(),
    };

    private sealed class TryAgain(TimeSpan after) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            httpContext.Response.Headers.RetryAfter = $"{Math.Ceiling(after.TotalSeconds)}";
            return Task.CompletedTask;
        }
    }
}
