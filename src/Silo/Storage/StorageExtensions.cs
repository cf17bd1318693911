using CioOrleans.Delivery;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;
using CioOrleans.Postgres.Leasing;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Silo.Configuration;
using CioOrleans.Sqlite.Leasing;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.MembershipService;

namespace CioOrleans.Silo.Storage;

/// <summary>Registers the configured outbox and its leases.</summary>
internal static class StorageExtensions
{
    /// <summary>Adds outbox and leases, for a process with a silo.</summary>
    /// <exception cref="ArgumentException">No request could be sent under a workspace's lease.</exception>
    public static void AddStorage(this IServiceCollection services, DispatcherSettings settings)
    {
        var leaseLengthOf = LeaseLengthOf(settings);
        if (settings.Storage.Provider == StorageProvider.Sqlite)
        {
            services.AddSingleton(provider => new SqliteOutbox(
                settings.Storage.ConnectionString, Time(provider), Logger<SqliteOutbox>(provider), settings.Storage.DiskReserve));
            services.AddOutbox<SqliteOutbox>();
            services.AddSingleton<IRefusedCallStore, SqliteRefusedCalls>();
            services.AddSingleton(provider => new SqliteLeaseStore(provider.GetRequiredService<SqliteOutbox>(), leaseLengthOf, Time(provider)));
            services.AddSingleton<ILeaseStore>(provider => provider.GetRequiredService<SqliteLeaseStore>());
            services.AddSingleton<ILeaseRegister>(provider => provider.GetRequiredService<SqliteLeaseStore>());
            services.AddGrainDirectory(OwnerDirectory.Name, (_, _) => new LocalOwnerDirectory());
            services.AddSingleton<ILeaseClock>(provider => provider.GetRequiredService<ILeaseStore>());
            services.AddSingleton<IStorage, SqliteStorage>();
        }
        else
        {
            services.AddSingleton(provider => new PostgresOutbox(
                settings.Storage.ConnectionString, PostgresOptionsOf(settings.Storage), Time(provider), Logger<PostgresOutbox>(provider)));
            services.AddOutbox<PostgresOutbox>();
            services.AddSingleton<IRefusedCallStore, PostgresRefusedCalls>();
            services.AddPostgresLeases(settings, leaseLengthOf);
            services.AddSingleton<ILeaseClock>(provider => provider.GetRequiredService<ILeaseStore>());
            services.AddSingleton<ILeaseRegister>(provider => provider.GetRequiredService<PostgresLeaseStore>());
            services.AddGrainDirectory(OwnerDirectory.Name, OwnersIn);
            services.AddSingleton<IStorage, PostgresStorage>();
        }
    }

    /// <summary>Adds only leases, for a front-end without a silo: their clock tells it when a permit ends.</summary>
    public static void AddLeaseClock(this IServiceCollection services, DispatcherSettings settings)
    {
        services.AddPostgresLeases(settings, LeaseLengthOf(settings));
        services.AddSingleton<IStorage, ClockStorage>();
    }

    private static void AddOutbox<TOutbox>(this IServiceCollection services)
        where TOutbox : class, IOutbox, IDeadLetterStore, IWorkspaceStateStore, ISendResultStore, IAuditStore, IHistoryStore, IListStore
    {
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<IDeadLetterStore>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<IWorkspaceStateStore>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<ISendResultStore>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<IAuditStore>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<IHistoryStore>(provider => provider.GetRequiredService<TOutbox>());
        services.AddSingleton<IListStore>(provider => provider.GetRequiredService<TOutbox>());
    }

    private static void AddPostgresLeases(this IServiceCollection services, DispatcherSettings settings, Func<string, TimeSpan> leaseLengthOf)
    {
        services.AddSingleton(provider => new PostgresLeaseStore(
            settings.Storage.ConnectionString,
            leaseLengthOf,
            Time(provider),
            Logger<PostgresLeaseStore>(provider))
        {
            ClusterId = ClusterIdOf(provider),
            Silo = () => provider.GetService<ILocalSiloDetails>()?.SiloAddress.ToParsableString(),
        });
        services.AddSingleton<ILeaseStore>(provider => provider.GetRequiredService<PostgresLeaseStore>());
        services.AddSingleton<IPermitClock>(provider => provider.GetRequiredService<PostgresLeaseStore>());
    }

    /// <summary>The directory decides by the membership table, which only ADO.NET clustering has in a database. Any other clustering may have one silo.</summary>
    private static IGrainDirectory OwnersIn(IServiceProvider provider, string name) => provider.GetService<IMembershipTable>() is AdoNetClusteringTable
        ? new PostgresOwnerDirectory(
            provider.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value.ConnectionString!,
            ClusterIdOf(provider),
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress,
            Time(provider))
        : new LocalOwnerDirectory();

    private static string ClusterIdOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;

    private static PostgresOutboxOptions PostgresOptionsOf(StorageSettings storage) => new()
    {
        MigrateAtStart = storage.Migrations == MigrationMode.Run,
        Readers = storage.Readers,
    };

    private static Func<string, TimeSpan> LeaseLengthOf(DispatcherSettings settings)
    {
        var refusals = settings.Workspaces.Values.Select(WorkspaceReader.RefuseLease).Where(refusal => refusal is not null);
        return refusals.Any()
            ? throw new ArgumentException(string.Join(Environment.NewLine, refusals), nameof(settings))
            : workspace => LeaseTerms.LengthFor(settings.Workspaces[workspace].AttemptTimeout);
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger<T> Logger<T>(IServiceProvider provider) => provider.GetRequiredService<ILogger<T>>();
}
