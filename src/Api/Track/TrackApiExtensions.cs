using CioOrleans.Api.Admission;
using CioOrleans.Api.Anonymous;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Guarding;
using CioOrleans.Api.Routing;
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
        services.TryAddSingleton<RateByAddress>();
        services.TryAddSingleton<AnonymousGate>();
        services.TryAddSingleton<BodyIntake>();
        services.TryAddSingleton<KeptHeaders>();
        services.TryAddSingleton<RefusalMetrics>();
        services.TryAddSingleton<TrackCallFactory>();
        services.TryAddSingleton<OperationCallFactory>();
        services.TryAddSingleton<BatchSubmitter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, TrackV1Endpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, TrackV2Endpoint>());
        return services;
    }
}
