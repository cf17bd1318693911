namespace CioOrleans.Cluster.Harness;

/// <summary>Something happens to a cluster under load; afterwards the sandbox's own count is compared with what was acknowledged.</summary>
internal static class FaultRun
{
    private const int Customers = 40;

    /// <summary>Less than the limit, so that what piles up during a fault drains under load.</summary>
    private const double CallsPerSecond = 75;

    /// <param name="cluster">What it happens to.</param>
    /// <param name="fault">Does its worst and returns when the worst is over.</param>
    /// <param name="report">Takes lines for people.</param>
    public static async Task<(Account Account, Load Load)> UnderLoadAsync(ClusterHarness cluster, Func<Task> fault, Action<string> report)
    {
        await cluster.HealAsync();
        await cluster.WaitUntilEmptyAsync();
        cluster.Sandbox.Reset();

        await using var load = new Load([.. cluster.FrontEnds.Select(frontEnd => frontEnd.Url)], $"{Guid.NewGuid():N}"[..8], Customers, CallsPerSecond);
        await cluster.Sandbox.WaitForProcessedAsync(3 * Customers);
        var began = TimeProvider.System.GetTimestamp();
        await fault();
        report($"The fault lasted {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s.");
        await load.WaitUntilServedAsync(TimeProvider.System.GetUtcNow());
        await cluster.Sandbox.WaitForProcessedAsync(cluster.Sandbox.Report().Order.Processed + (2 * Customers));
        await load.StopAsync();
        await cluster.WaitUntilEmptyAsync();

        var account = Account.Of(load, cluster.Sandbox);
        report(
            $"Acknowledged {account.Acknowledged}, lost {account.Lost.Count}, order violations {account.OrderViolations} (and {account.Stragglers} of calls that were not acknowledged), " +
            $"duplicates {account.Duplicates} (harmful {account.HarmfulDuplicates}), most in a second {account.MaxInWindow}, 429s {account.Throttled}.");
        foreach (var problem in cluster.Sandbox.Report().Order.Problems)
        {
            report($"  {problem}");
        }

        report(
            $"Longest silence at the receiver while work waited {account.LongestSilence.TotalSeconds:0.00} s; slowest delivery {account.SlowestDelivery.TotalSeconds:0.00} s after its acknowledgement.");
        report(
            $"Not acknowledged {load.Refusals.Count} ({string.Join(", ", load.Refusals.GroupBy(r => r.Answer).Select(g => $"{g.Key}: {g.Count()}"))}), " +
            $"slowest such answer {load.Refusals.Select(r => r.After).DefaultIfEmpty().Max().TotalSeconds:0.00} s, not cured by one repeat {load.Uncured}, longest failure of a caller {load.LongestFailure.TotalSeconds:0.00} s.");
        return (account, load);
    }
}
