using System.Text.Json.Serialization;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CioOrleans.Silo.Health;

/// <summary>The health endpoints for an orchestrator.</summary>
public static class HealthExtensions
{
    private static readonly HttpMethodMetadata _get = new([HttpMethods.Get]);

    /// <summary>Registers <see cref="Readiness"/>. It is false until its parts are set, and again once the process stops.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, ShutdownSettings shutdown)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(shutdown);
        services.AddHostedService<DrainNotice>();
        services.AddSingleton<Readiness>();
        services.AddHealthChecks().AddCheck<ReadinessCheck>(ReadinessCheck.Name, tags: [ReadinessCheck.Name]);
        return services;
    }

    /// <summary>
    /// <c>/health/live</c>: 200 while the process answers. <c>/health/ready</c>: 200 if the process should receive calls, otherwise 503. Both answers say why.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // Liveness runs no check: the process answers, and that is all.
        endpoints.MapHealthChecks("/health/live", Answering(_ => false, static (http, _) =>
            http.Response.WriteAsJsonAsync(new LiveAnswer(true), HealthJson.Default.LiveAnswer))).WithMetadata(_get);

        // A service that hosts the dispatcher may have checks of its own. They do not decide here.
        endpoints.MapHealthChecks("/health/ready", Answering(check => check.Tags.Contains(ReadinessCheck.Name), static (http, report) =>
        {
            var data = report.Entries[ReadinessCheck.Name].Data;
            return http.Response.WriteAsJsonAsync(
                new ReadyAnswer(
                    report.Status == HealthStatus.Healthy,
                    (bool)data[nameof(Readiness.IsStorageOpen)],
                    (bool)data[nameof(Readiness.AreWorkspacesStarted)],
                    (bool)data[nameof(Readiness.IsDraining)]),
                HealthJson.Default.ReadyAnswer);
        })).WithMetadata(_get);
    }

    private static HealthCheckOptions Answering(Func<HealthCheckRegistration, bool> predicate, Func<HttpContext, HealthReport, Task> write) =>
        new() { Predicate = predicate, ResponseWriter = write, AllowCachingResponses = true };
}

/// <summary>The answers of <c>/health</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal sealed record LiveAnswer(bool IsLive);

internal sealed record ReadyAnswer(bool IsReady, bool IsStorageOpen, bool AreWorkspacesStarted, bool IsDraining);
