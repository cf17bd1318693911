using CioOrleans.Api.Admission;
using CioOrleans.Api.Anonymous;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Submission;
using CioOrleans.Api.TrackV2;
using CioOrleans.Client;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Forwarding;
using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.Track;

/// <summary>Adds the Track API to a host.</summary>
public static class TrackApiExtensions
{
    /// <summary>
    /// Registers the Track API. The host registers the workspaces (an <see cref="IReadOnlyList{T}"/> of <see cref="WorkspaceSettings"/>, or an
    /// <see cref="IWorkspaceDirectory"/>), an <see cref="IGrainFactory"/>, an <see cref="Delivery.IPermitClock"/>, and may replace the sink and the forwarder.
    /// </summary>
    public static IServiceCollection AddTrackApi(this IServiceCollection services, ApiSettings settings)
    {
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IWorkspaceDirectory>(s => new WorkspaceDirectory(s.GetRequiredService<IReadOnlyList<WorkspaceSettings>>()));
        services.TryAddSingleton(s => new AdmissionGate(
            s.GetRequiredService<IGrainFactory>(), s.GetRequiredService<IReadOnlyList<WorkspaceSettings>>(), s.GetRequiredService<TimeProvider>()));
        services.AddGrainAccess();
        services.TryAddSingleton<ICallSink, GrainCallSink>();
        services.AddHttpForwarder();
        services.TryAddSingleton<CustomerIoHttp>();
        services.TryAddSingleton<ForwardPermits>();
        services.TryAddSingleton<IRequestForwarder, RequestForwarder>();
        services.TryAddSingleton<CallerAuthenticator>();
        services.TryAddSingleton<AnonymousGate>();
        services.TryAddSingleton<BodyIntake>();
        services.TryAddSingleton<KeptHeaders>();
        services.TryAddSingleton<RefusalMetrics>();
        services.TryAddSingleton<TrackCallFactory>();
        services.TryAddSingleton<OperationCallFactory>();
        services.TryAddSingleton<BatchSubmitter>();
        return services;
    }

    /// <summary>
    /// Serves the Track API before routing, and answers every path that the host does not map with Customer.io's 404. Call it before you map anything
    /// else.
    /// </summary>
    public static WebApplication MapTrackApi(this WebApplication app)
    {
        app.UseMiddleware<TrackV1Endpoint>();
        app.UseMiddleware<TrackV2Endpoint>();

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
