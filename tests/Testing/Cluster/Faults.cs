using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing.Network;
using Npgsql;

namespace CioOrleans.Testing.Cluster;

/// <summary>What may happen to a cluster.</summary>
public static class Faults
{
    /// <summary><c>kill -9</c>.</summary>
    public static Fault Kill(ClusterProcess process) => new($"kill -9 of {process.Name}", ClusterHarness.MaxConcurrency, process.KillAsync);

    /// <summary>SIGTERM; nothing may be sent again.</summary>
    public static Fault Terminate(ClusterProcess process) => new($"SIGTERM of {process.Name}", 0, process.TerminateAsync);

    /// <summary>The process is frozen, and does not notice it.</summary>
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

    /// <summary>PostgreSQL's processes stand still: neither an answer nor an error comes.</summary>
    public static Fault FreezeDatabase(PostgresServer server, TimeSpan pause) => new(
        $"PostgreSQL is frozen for {pause.TotalSeconds:0} s",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            await server.SignalAsync("STOP");
            await Task.Delay(pause, TimeProvider.System);
            await server.SignalAsync("CONT");
        });

    /// <summary>No commit that touches calls ends meanwhile: another transaction holds the table. Leases are renewed.</summary>
    public static Fault HoldCommits(string connectionString, TimeSpan pause) => new(
        $"no commit ends for {pause.TotalSeconds:0} s",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table calls in exclusive mode", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            await Task.Delay(pause, TimeProvider.System);
            await transaction.RollbackAsync();
        });

    /// <summary>Packets between silos and Customer.io vanish: all, or those of one way.</summary>
    /// <param name="network">The network.</param>
    /// <param name="silos">Whose packets.</param>
    /// <param name="requests">Whether those to Customer.io vanish.</param>
    /// <param name="responses">Whether those from Customer.io vanish.</param>
    /// <param name="pause">For how long.</param>
    public static Fault LoseCustomerIo(NamespaceNetwork network, IReadOnlyList<ClusterSilo> silos, bool requests, bool responses, TimeSpan pause) => new(
        $"packets {(requests && responses ? "to and from" : requests ? "to" : "from")} Customer.io are lost for {pause.TotalSeconds:0} s ({string.Join(", ", silos.Select(silo => silo.Process.Name))})",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            foreach (var silo in silos)
            {
                if (requests)
                {
                    await network.CutOneWayAsync(silo.Place.Address, network.SandboxAddress);
                }

                if (responses)
                {
                    await network.CutOneWayAsync(network.SandboxAddress, silo.Place.Address);
                }
            }

            await Task.Delay(pause, TimeProvider.System);
            await network.MendAsync();
        });

    /// <summary>Every silo ends in good order and starts again, one after the other.</summary>
    public static Fault Roll(IReadOnlyList<ClusterSilo> silos) => new("all silos are restarted in turn", 0, async () =>
    {
        foreach (var silo in silos)
        {
            await silo.Process.TerminateAsync();
            await silo.Process.StartAsync();
        }
    });

    /// <summary>A silo hands its workspaces over, and is restarted later: it takes none before.</summary>
    public static Fault Drain(ClusterHarness cluster, ClusterSilo silo) => new($"{silo.Process.Name} is drained, and restarted", 0, async () =>
    {
        await cluster.DrainAsync(silo);
        await silo.Process.TerminateAsync();
    });

    /// <summary>Customer.io fails in some way.</summary>
    public static Fault CustomerIo(SandboxServer sandbox, string name, SandboxFaults faults, TimeSpan pause) => new(
        $"Customer.io {name} for {pause.TotalSeconds:0} s",
        ClusterHarness.MaxConcurrency,
        async () =>
        {
            var before = sandbox.Faults;
            sandbox.Faults = faults with { RefuseFirst = before.RefuseFirst };
            await Task.Delay(pause, TimeProvider.System);
            sandbox.Faults = before;
        });

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
