using System.Net;

namespace CioOrleans.Silo.Configuration;

/// <summary>How silos find each other.</summary>
public sealed record ClusterSettings
{
    /// <summary>Default: <see cref="ClusterMode.Embedded"/>; the other modes need PostgreSQL.</summary>
    public required ClusterMode Mode { get; init; }

    /// <summary>The connection string of the membership table's database (default: the storage's). A secret.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The cluster's id: silos with the same id form a cluster (default: <c>cio</c>).</summary>
    public required string ClusterId { get; init; }

    /// <summary>The service's id. Unlike <see cref="ClusterId"/>, it stays the same across deployments (default: <c>cio</c>).</summary>
    public required string ServiceId { get; init; }

    /// <summary>The port for other silos; 1 to 65,535 (default: 11,111).</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients; 0 to 65,535. With 0 clients cannot connect (default: 30,000).</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The address by which other silos reach this one (default: null, Orleans chooses one).</summary>
    public required IPAddress? AdvertisedAddress { get; init; }

    /// <summary>TLS between silos and front-ends (default: null, none).</summary>
    public required TlsSettings? Tls { get; init; }

    /// <summary>When a silo is declared dead.</summary>
    public required MembershipSettings Membership { get; init; }

    /// <summary>Without the connection string, which may hold a password.</summary>
    public override string ToString() => $"{nameof(ClusterSettings)} {{ {nameof(Mode)} = {Mode}, {nameof(ClusterId)} = {ClusterId}, {nameof(ServiceId)} = {ServiceId} }}";
}

/// <summary>The role of a process in the cluster.</summary>
public enum ClusterMode
{
    /// <summary>Front-end and silo in one process. The only mode with SQLite; with PostgreSQL several such processes form a cluster.</summary>
    Embedded,

    /// <summary>A silo of a cluster, without a front-end (src/Silo).</summary>
    Silo,

    /// <summary>A front-end that is a client of silos in other processes (src/Api).</summary>
    Client,
}

/// <summary>
/// When a silo is declared dead. With shorter times its customers move sooner after a crash or a hang; with longer times a busy machine or a long garbage
/// collection is less often mistaken for a dead silo.
/// </summary>
/// <param name="ProbeTimeout">A silo answers its peers' probes within this time; 500 ms to 30 s (default: 1 s).</param>
/// <param name="MissedProbes">The number of probes missed in a row that make a silo suspect; 1 to 20 (default: 3).</param>
/// <param name="TableRefresh">How often the membership table is read; 1 s to 5 min (default: 10 s).</param>
/// <param name="IAmAlive">How often a silo writes that it is alive; 1 s to 5 min (default: 5 s). After a crash of all silos a start waits three times as
/// long.</param>
public sealed record MembershipSettings(TimeSpan ProbeTimeout, int MissedProbes, TimeSpan TableRefresh, TimeSpan IAmAlive);

/// <summary>The PEM files with which the processes of a cluster authenticate each other. They are read again for each new connection.</summary>
/// <param name="Certificate">Path of this process's certificate, followed by the intermediate certificates.</param>
/// <param name="Key">Path of the certificate's private key, not encrypted.</param>
/// <param name="Authority">Path of the root certificates that sign the certificates of all processes.</param>
public sealed record TlsSettings(string Certificate, string Key, string Authority);
