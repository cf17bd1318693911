using CioOrleans.Api.Answers;

namespace CioOrleans.Api.Routing;

/// <summary>Puts Customer.io's APIs in front of a host's own endpoints.</summary>
public static class RoutingExtensions
{
    /// <summary>
    /// Serves the APIs that were registered (Track, Pipelines, App) ahead of routing, and answers every path that the host does not map with Customer.io's
    /// 404. Call it before you map anything else.
    /// </summary>
    public static WebApplication MapWireApis(this WebApplication app)
    {
        app.UseMiddleware<WireRouter>();

        // Without this call the host would put routing at the start of the pipeline, which would slow the Track API down.
        app.UseRouting();
        app.MapFallback("{**path}", AnswerNotFound);
        return app;
    }

    private static Task AnswerNotFound(HttpContext context)
    {
        Answer.NotFound(context.Response);
        return Task.CompletedTask;
    }
}
