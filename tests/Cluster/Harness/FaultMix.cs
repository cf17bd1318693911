using CioOrleans.Cluster.Network;

namespace CioOrleans.Cluster.Harness;

/// <summary>One fault after the other, drawn at random; what a fault ends is started again before the next.</summary>
/// <param name="cluster">What it happens to.</param>
/// <param name="random">Seeded, so that the same faults can be had again.</param>
/// <param name="report">Takes a line for each.</param>
internal sealed class FaultMix(ClusterHarness cluster, Random random, Action<string> report)
{
    /// <summary>Runs faults until so much time has passed. Returns how many calls may have been sent again.</summary>
    public async Task<int> RunAsync(TimeSpan duration)
    {
        var began = TimeProvider.System.GetTimestamp();
        var duplicates = 0;
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            var fault = await DrawAsync();
            report($"{TimeProvider.System.GetElapsedTime(began):mm\\:ss} {fault.Name}");
            await fault.HappenAsync();
            await cluster.HealAsync();
            duplicates += fault.Duplicates;
            await Task.Delay(Seconds(1, 10), TimeProvider.System);
        }

        return duplicates;
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
        ];
        if (cluster.Network is NamespaceNetwork network)
        {
            faults.Add(Faults.PartFromDatabase(network, silo, Seconds(1, 20)));
            faults.Add(Faults.PartFromPeers(network, silo, cluster.Silos, Seconds(1, 20)));
        }

        if (cluster.Server is { } server)
        {
            faults.Add(Faults.StopDatabase(server, Seconds(1, 10)));
            faults.Add(Faults.KillDatabase(server, Seconds(1, 10)));
        }

        return Any(faults);
    }

    private T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private TimeSpan Seconds(int from, int to) => TimeSpan.FromSeconds(random.Next(from, to + 1));
}
