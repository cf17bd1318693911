using System.Reflection;
using CioOrleans.Cluster;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Workspaces;
using Orleans.Concurrency;

namespace CioOrleans.Silo.Members;

/// <inheritdoc cref="ISiloAgent"/>
[Reentrant]
internal sealed class SiloAgent(
    GrainId id,
    Orleans.Runtime.Silo silo,
    ILoggerFactory loggers,
    ActiveCustomers customers,
    LocalWorkspaces local,
    DatabaseContact database,
    HandOvers handOvers,
    TimeProvider time)
    : GrainService(id, silo, loggers), ISiloAgent
{
    private static readonly string _version =
        (Assembly.GetEntryAssembly() ?? typeof(SiloAgent).Assembly).GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public Task<SiloReport> Report() =>
        Task.FromResult(new SiloReport(_version, _startedAt, customers.Count, local.Names, local.IsLeaving, database.ClockAhead, database.SilentFor));

    public Task Drain() => handOvers.LeaveAsync();
}
