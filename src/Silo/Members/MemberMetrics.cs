using System.Diagnostics.Metrics;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Silo.Members;

/// <summary>Reports the cluster's members, and the number of workspaces that this silo owns, on the dispatcher's meter.</summary>
internal sealed class MemberMetrics : IHostedService
{
    private static readonly (SiloStatus Status, KeyValuePair<string, object?> Label)[] _statuses =
    [
        (SiloStatus.Created, new("status", "created")),
        (SiloStatus.Joining, new("status", "joining")),
        (SiloStatus.Active, new("status", "active")),
        (SiloStatus.ShuttingDown, new("status", "shutting-down")),
        (SiloStatus.Stopping, new("status", "stopping")),
        (SiloStatus.Dead, new("status", "dead")),
    ];

    public MemberMetrics(IMeterFactory meters, IClusterMembershipService membership, LocalWorkspaces local)
    {
        var meter = meters.Create(DispatcherMetrics.MeterName);
        meter.CreateObservableGauge("cio.cluster.members", () => CountMembers(membership.CurrentSnapshot), "{silo}", "Silos by their status in the membership, as this silo knows it.");
        meter.CreateObservableGauge("cio.workspaces.owned", () => local.Names.Count, "{workspace}", "Workspaces whose owner lives on this silo.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts every status, also those without a silo, because an alert needs a zero instead of a missing series.</summary>
    private static IEnumerable<Measurement<int>> CountMembers(ClusterMembershipSnapshot snapshot) =>
        _statuses.Select(known => new Measurement<int>(snapshot.Members.Values.Count(member => member.Status == known.Status), known.Label));
}
