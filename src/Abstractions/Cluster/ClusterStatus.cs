namespace CioOrleans.Cluster;

/// <summary>The cluster at one moment.</summary>
/// <param name="ClusterId">Its id in the settings.</param>
/// <param name="MembershipVersion">Rises with each silo that joins, leaves or is lost.</param>
/// <param name="Members">The silos, dead ones too while the membership table remembers them.</param>
/// <param name="Owners">The workspaces that are owned. Null where the database cannot be reached.</param>
[GenerateSerializer, Immutable, Alias("cio.ClusterStatus")]
public sealed record ClusterStatus(
    [property: Id(0)] string ClusterId,
    [property: Id(1)] long MembershipVersion,
    [property: Id(2)] IReadOnlyList<ClusterMember> Members,
    [property: Id(3)] IReadOnlyList<WorkspaceOwner>? Owners);

/// <summary>A silo.</summary>
/// <param name="Silo">Its address and generation, as text.</param>
/// <param name="Name">Its name in the membership table.</param>
/// <param name="Status">Its status there, in lower case, such as <c>active</c> or <c>dead</c>.</param>
/// <param name="Report">What it says about itself. Null where it does not answer, or is dead.</param>
[GenerateSerializer, Immutable, Alias("cio.ClusterMember")]
public sealed record ClusterMember(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Name,
    [property: Id(2)] string Status,
    [property: Id(3)] SiloReport? Report);

/// <summary>What a silo says about itself.</summary>
/// <param name="Version">The version of its program.</param>
/// <param name="StartedAt">By its own clock.</param>
/// <param name="Customers">How many customers' grains it holds.</param>
/// <param name="Workspaces">The workspaces that live on it.</param>
/// <param name="IsLeaving">It hands its workspaces over and takes none any more.</param>
/// <param name="ClockAhead">How far its clock is ahead of the database's; negative where it is behind. Zero on a file.</param>
/// <param name="DatabaseSilentFor">How long it has not reached the database.</param>
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
/// <param name="Workspace">Which workspace.</param>
/// <param name="Silo">As in <see cref="ClusterMember.Silo"/>; null where the storage does not say.</param>
/// <param name="Epoch">Of its lease; each owner has a higher one than the owner before.</param>
/// <param name="HeldFor">How long it has been the owner.</param>
/// <param name="RenewedFor">How long ago its lease was renewed last; about a second at most where all is well.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspaceOwner")]
public sealed record WorkspaceOwner(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string? Silo,
    [property: Id(2)] long Epoch,
    [property: Id(3)] TimeSpan HeldFor,
    [property: Id(4)] TimeSpan RenewedFor);
