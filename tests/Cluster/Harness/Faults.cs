using CioOrleans.Cluster.Network;

namespace CioOrleans.Cluster.Harness;

/// <summary>What may happen to a cluster.</summary>
internal static class Faults
{
    /// <summary><c>kill -9</c>.</summary>
    public static Fault Kill(ClusterProcess process) => new($"kill -9 of {process.Name}", ClusterHarness.MaxConcurrency, process.KillAsync);

    /// <summary>SIGTERM; nothing may be sent again.</summary>
    public static Fault Terminate(ClusterProcess process) => new($"SIGTERM of {process.Name}", 0, process.TerminateAsync);

    /// <summary>The process stands still, and does not know it afterwards.</summary>
    public static Fault Hang(ClusterProcess process, TimeSpan pause) => new(
        $"{process.Name} hangs for {pause.TotalSeconds:0} s",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            await process.SignalAsync("STOP");
            await Task.Delay(pause, TimeProvider.System);
            await process.SignalAsync("CONT");
        });

    /// <summary>No packet passes between a silo and the database.</summary>
    public static Fault PartFromDatabase(NamespaceNetwork network, ClusterSilo silo, TimeSpan pause) =>
        Part(network, silo, "PostgreSQL", [network.DatabaseAddress], pause);

    /// <summary>No packet passes between a silo and its peers and the front-ends.</summary>
    public static Fault PartFromPeers(NamespaceNetwork network, ClusterSilo silo, IEnumerable<ClusterSilo> silos, TimeSpan pause) =>
        Part(network, silo, "its peers", [.. silos.Where(peer => peer != silo).Select(peer => peer.Place.Address), network.FrontEndAddress], pause);

    /// <summary>PostgreSQL stops in good order and starts again.</summary>
    public static Fault StopDatabase(PostgresServer server, TimeSpan pause) =>
        RestartDatabase(server, $"PostgreSQL is stopped for {pause.TotalSeconds:0} s", () => server.StopAsync(), pause);

    /// <summary><c>kill -9</c> of PostgreSQL, which is then started again.</summary>
    public static Fault KillDatabase(PostgresServer server, TimeSpan pause) =>
        RestartDatabase(server, $"kill -9 of PostgreSQL for {pause.TotalSeconds:0} s", server.KillAsync, pause);

    private static Fault Part(NamespaceNetwork network, ClusterSilo silo, string from, IReadOnlyList<string> others, TimeSpan pause) => new(
        $"{silo.Process.Name} is cut off from {from} for {pause.TotalSeconds:0} s",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            foreach (var other in others)
            {
                await network.CutAsync(silo.Place.Address, other);
            }

            await Task.Delay(pause, TimeProvider.System);
            await network.MendAsync();
        });

    private static Fault RestartDatabase(PostgresServer server, string name, Func<Task> end, TimeSpan pause) => new(
        name,
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            await end();
            await Task.Delay(pause, TimeProvider.System);
            await server.StartAsync();
        });
}
