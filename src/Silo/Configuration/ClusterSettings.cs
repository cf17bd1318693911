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
