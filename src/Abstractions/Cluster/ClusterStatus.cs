namespace CioOrleans.Cluster;

/// <summary>The cluster at one moment.</summary>
/// <param name="ClusterId">The cluster's id in the settings.</param>
/// <param name="MembershipVersion">The version of the membership table. It increases when a silo joins, leaves or is lost.</param>
/// <param name="Members">The silos, including dead ones that are still in the membership table.</param>
/// <param name="Owners">The workspaces that have an owner. Null if the database cannot be reached.</param>
[GenerateSerializer, Immutable, Alias("cio.ClusterStatus")]
public sealed record ClusterStatus(
    [property: Id(0)] string ClusterId,
    [property: Id(1)] long MembershipVersion,
    [property: Id(2)] IReadOnlyList<ClusterMember> Members,
    [property: Id(3)] IReadOnlyList<WorkspaceOwner>? Owners);

/// <summary>A silo.</summary>
/// <param name="Silo">Its address and generation, as text.</param>
/// <param name="Name">Its name in the membership table.</param>
/// <param name="Status">Its status in the membership table, in lower case, such as <c>active</c> or <c>dead</c>.</param>
/// <param name="Report">The silo's report about itself. Null if it does not answer or is dead.</param>
[GenerateSerializer, Immutable, Alias("cio.ClusterMember")]
public sealed record ClusterMember(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Name,
    [property: Id(2)] string Status,
    [property: Id(3)] SiloReport? Report);

/// <summary>A silo's report about itself.</summary>
/// <param name="Version">The version of its program.</param>
/// <param name="StartedAt">When the process started, by its own clock.</param>
/// <param name="Customers">The number of customer grains on the silo.</param>
/// <param name="Workspaces">The workspaces whose owner is on the silo.</param>
/// <param name="IsLeaving">Whether the silo hands its workspaces over and takes no more.</param>
/// <param name="ClockAhead">How far the silo's clock is ahead of the database's; negative if it is behind. Zero with SQLite.</param>
/// <param name="DatabaseSilentFor">The time since the silo last reached the database.</param>
[GenerateSerializer, Immutable, Alias("cio.SiloReport")]
public sealed record SiloReport(
    [property: Id(0)] string Version,
    [property: Id(1)] DateTimeOffset StartedAt,
    [property: Id(2)] int Customers,
    [property: Id(3)] IReadOnlyList<string> Workspaces,
    [property: Id(4)] bool IsLeaving,
    [property: Id(5)] TimeSpan ClockAhead,
    [property: Id(6)] TimeSpan DatabaseSilentFor);

/// <summary>The owner of a workspace.</summary>
/// <param name="Workspace">The workspace's name.</param>
/// <param name="Silo">The silo as in <see cref="ClusterMember.Silo"/>; null if the storage does not hold it.</param>
/// <param name="Epoch">The epoch of its lease; each owner has a higher one than the owner before.</param>
/// <param name="HeldFor">How long it has been the owner.</param>
/// <param name="RenewedFor">The time since its lease was last renewed; normally about a second at most.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspaceOwner")]
public sealed record WorkspaceOwner(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string? Silo,
    [property: Id(2)] long Epoch,
    [property: Id(3)] TimeSpan HeldFor,
    [property: Id(4)] TimeSpan RenewedFor);
