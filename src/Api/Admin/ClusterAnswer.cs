using CioOrleans.Cluster;

namespace CioOrleans.Api.Admin;

/// <summary>The cluster as <c>/admin</c> shows it. Times are in seconds.</summary>
internal sealed record ClusterAnswer(string ClusterId, long MembershipVersion, IReadOnlyList<SiloAnswer> Silos, IReadOnlyList<OwnerAnswer>? Workspaces)
{
    public static ClusterAnswer Of(ClusterStatus status) => new(
        status.ClusterId,
        status.MembershipVersion,
        [.. status.Members.Select(SiloAnswer.Of)],
        status.Owners is { } owners ? [.. owners.Select(OwnerAnswer.Of)] : null);
}

internal sealed record SiloAnswer(
    string Silo,
    string Name,
    string Status,
    bool Answers,
    string? Version,
    DateTimeOffset? StartedAt,
    int? Customers,
    IReadOnlyList<string>? Workspaces,
    bool? IsDraining,
    double? ClockAhead,
    double? DatabaseSilentFor)
{
    public static SiloAnswer Of(Cluster.ClusterMember member) => new(
        member.Silo,
        member.Name,
        member.Status,
        member.Report is not null,
        member.Report?.Version,
        member.Report?.StartedAt,
        member.Report?.Customers,
        member.Report?.Workspaces,
        member.Report?.IsLeaving,
        Seconds(member.Report?.ClockAhead),
        Seconds(member.Report?.DatabaseSilentFor));

    private static double? Seconds(TimeSpan? time) => time is { } given ? Math.Round(given.TotalSeconds, 3) : null;
}

internal sealed record OwnerAnswer(string Workspace, string? Silo, long Epoch, double HeldFor, double RenewedAgo)
{
    public static OwnerAnswer Of(WorkspaceOwner owner) =>
        new(owner.Workspace, owner.Silo, owner.Epoch, Math.Round(owner.HeldFor.TotalSeconds, 3), Math.Round(owner.RenewedFor.TotalSeconds, 3));
}
