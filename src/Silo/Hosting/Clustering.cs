using System.Net;
using CioOrleans.Silo.Configuration;
using Orleans.Configuration;
using Orleans.Serialization;

namespace CioOrleans.Silo.Hosting;

/// <summary>How silos and clients find each other.</summary>
internal static class Clustering
{
    private const string Npgsql = "Npgsql";

    /// <summary>A single silo: no silo can join it, and no client can connect to it.</summary>
    public static void UseNoCluster(this ISiloBuilder silo, ClusterSettings settings)
    {
        // It needs a port, and no other process needs to know it: several may run on one machine. The services keep the reservation alive.
        var port = new ReservedPort();
        silo.Services.AddSingleton(port);
        silo.UseLocalhostClustering(port.Number, gatewayPort: 0, serviceId: settings.ServiceId, clusterId: settings.ClusterId);

        // All grains are on this silo, so a cache of their places would only use memory: 30 MB before the first customer. Orleans allocates it by its size even
        // where it is not used.
        silo.Configure<GrainDirectoryOptions>(options =>
        {
            options.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None;
            options.CacheSize = 1_000;
        });
    }

    /// <summary>A silo of a cluster, with the membership table in PostgreSQL.</summary>
    public static void UseCluster(this ISiloBuilder silo, ClusterSettings settings)
    {
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Npgsql;
            options.ConnectionString = settings.ConnectionString;
        });
        silo.Configure<ClusterOptions>(options => Name(options, settings));
        silo.Configure<ExceptionSerializationOptions>(Carry);
        if (settings.AdvertisedAddress is { } address)
        {
            silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        }
        else
        {
            silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        }

        if (settings.Tls is { } tls)
        {
            silo.Services.AddPeerTls(tls).AddOptions<SiloConnectionOptions>().Configure<PeerTls>((options, peers) =>
            {
                options.ConfigureSiloInboundConnection(connection => connection.UseServerTls(peers.NewOptions()));
                options.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(peers.NewOptions()));
                options.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(peers.NewOptions()));
            });
        }
        else
        {
            silo.Services.AddHostedService<PlainConnectionsNotice>();
        }

        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = settings.Membership.ProbeTimeout;
            options.MaxProbeTimeout = 2 * settings.Membership.ProbeTimeout;
            options.NumMissedProbesLimit = settings.Membership.MissedProbes;
            options.TableRefreshTimeout = settings.Membership.TableRefresh;
            options.IAmAliveTablePublishTimeout = settings.Membership.IAmAlive;
            options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
            options.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });
    }

    /// <summary>A client of such a cluster. It waits for the first silo, and reconnects after all silos were lost.</summary>
    public static void UseCluster(this IClientBuilder client, ClusterSettings settings)
    {
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = Npgsql;
            options.ConnectionString = settings.ConnectionString;
        });
        client.Configure<ClusterOptions>(options => Name(options, settings));
        client.Configure<ExceptionSerializationOptions>(Carry);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        if (settings.Tls is { } tls)
        {
            client.Services.AddPeerTls(tls).AddOptions<ClientConnectionOptions>().Configure<PeerTls>((options, peers) =>
                options.ConfigureConnection(connection => connection.UseClientTls(peers.NewOptions())));
        }

        client.UseConnectionRetryFilter<PatientConnection>();
    }

    private static IServiceCollection AddPeerTls(this IServiceCollection services, TlsSettings tls) =>
        services.AddSingleton(provider => new PeerTls(tls, provider.GetRequiredService<ILogger<PeerTls>>()));

    /// <summary>A grain may fail because its database is away. Without this its caller gets a failure of the serializer instead.</summary>
    internal static void Carry(ExceptionSerializationOptions options) => options.SupportedNamespacePrefixes.Add(Npgsql);

    private static void Name(ClusterOptions options, ClusterSettings settings) => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId);
}
