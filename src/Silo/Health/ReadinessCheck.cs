using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CioOrleans.Silo.Health;

/// <summary>Reports <see cref="Readiness"/> to ASP.NET's health checks. Unhealthy means that the process should receive no calls.</summary>
internal sealed class ReadinessCheck(Readiness readiness) : IHealthCheck
{
    /// <summary>The name of the check, and of its tag.</summary>
    public const string Name = "cio-ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (storage, workspaces, draining) = (readiness.IsStorageOpen, readiness.AreWorkspacesStarted, readiness.IsDraining);
        var data = new Dictionary<string, object>
        {
            [nameof(Readiness.IsStorageOpen)] = storage,
            [nameof(Readiness.AreWorkspacesStarted)] = workspaces,
            [nameof(Readiness.IsDraining)] = draining,
        };
        return Task.FromResult(storage && workspaces && !draining ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Unhealthy(data: data));
    }
}
