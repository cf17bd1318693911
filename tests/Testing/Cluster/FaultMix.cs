using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing.Network;

namespace CioOrleans.Testing.Cluster;

/// <summary>One fault after the other, drawn at random; what a fault ends is started again before the next.</summary>
/// <param name="cluster">What it happens to.</param>
/// <param name="random">Seeded, so that the same faults can be had again.</param>
/// <param name="report">Takes a line for each.</param>
public sealed class FaultMix(ClusterHarness cluster, Random random, Action<string> report)
{
    /// <summary>The longest time for one fault and the start of what it ended.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    /// <summary>Some requests take effect although their answers are lost.</summary>
    private static readonly SandboxFaults _flaky = new()
    {
        ServerError = 0.05, ServerErrorAfterProcessing = 0.02, TimeOut = 0.02, TimeOutAfterProcessing = 0.02, Reset = 0.02, ResetAfterProcessing = 0.02,
    };

    /// <summary>Runs faults until so much time has passed. Returns how many requests may have been sent again.</summary>
    public async Task<int> RunAsync(TimeSpan duration)
    {
        var began = TimeProvider.System.GetTimestamp();
        var repeats = 0;
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            var fault = await DrawAsync();
            report($"{TimeProvider.System.GetElapsedTime(began):mm\\:ss} {fault.Name}");
            await Wait.ForAsync(fault.HappenAsync(), $"The end of the fault '{fault.Name}'", _patience);
            await cluster.HealAsync();
            repeats += fault.Repeats;
            await Task.Delay(Seconds(1, 10), TimeProvider.System);
        }

        return repeats;
    }

    private async Task<Fault> DrawAsync()
    {
        // The owner is the one where it hurts.
        var silo = random.Next(2) == 0 ? await cluster.OwnerAsync() : Any(cluster.Silos);
        var frontEnd = Any(cluster.FrontEnds);
        List<Fault> faults =
        [
            Faults.Kill(silo.Process),
            Faults.Kill(frontEnd),
            Faults.Hang(silo.Process, Seconds(1, 30)),
            Faults.Terminate(silo.Process),
            Faults.Terminate(frontEnd),
            Faults.Drain(cluster, silo),
            Faults.Roll(cluster.Silos),
            Faults.HoldCommits(cluster.ConnectionString, Seconds(1, 8)),
            Faults.CustomerIo(cluster.Sandbox, "fails now and then", _flaky, Seconds(5, 20)),
            Faults.CustomerIo(cluster.Sandbox, "answers 500", new SandboxFaults { Outage = Outage.ServerError }, Seconds(1, 20)),
            Faults.CustomerIo(cluster.Sandbox, "does not answer", new SandboxFaults { Outage = Outage.TimeOut }, Seconds(1, 20)),
            Faults.CustomerIo(cluster.Sandbox, "resets connections", new SandboxFaults { Outage = Outage.Reset }, Seconds(1, 20)),
        ];
        if (cluster.Network is NamespaceNetwork network)
        {
            var losers = random.Next(2) == 0 ? [silo] : cluster.Silos;
            faults.Add(Faults.PartFromDatabase(network, silo, Seconds(1, 20)));
            faults.Add(Faults.PartFromPeers(network, silo, cluster.Silos, Seconds(1, 20)));
            faults.Add(Faults.LoseCustomerIo(network, losers, requests: true, responses: true, Seconds(3, 20)));
            faults.Add(Faults.LoseCustomerIo(network, losers, requests: true, responses: false, Seconds(3, 20)));
            faults.Add(Faults.LoseCustomerIo(network, losers, requests: false, responses: true, Seconds(3, 20)));
        }

        if (cluster.Server is { } server)
        {
            faults.Add(Faults.StopDatabase(server, Seconds(1, 10)));
            faults.Add(Faults.KillDatabase(server, Seconds(1, 10)));
            faults.Add(Faults.FreezeDatabase(server, Seconds(1, 10)));
        }

        return Any(faults);
    }

    private T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private TimeSpan Seconds(int from, int to) => TimeSpan.FromSeconds(random.Next(from, to + 1));
}
