using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

/// <summary>Something happens to the cluster under load; afterwards the sandbox's own count is compared with what was promised.</summary>
[Collection(SharedCluster.Name)]
public abstract class FaultTest(SharedCluster shared, ITestOutputHelper output)
{
    private const int Customers = 40;

    /// <summary>Less than the limit, so that what piles up during a fault drains under load.</summary>
    private const double CallsPerSecond = 75;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    protected ITestOutputHelper Output => output;

    internal ClusterHarness Cluster => shared.Require();

    /// <summary>Runs a fault under load and returns once everything that was acknowledged should have arrived.</summary>
    /// <param name="fault">Does its worst and returns when the worst is over.</param>
    /// <param name="longer">It takes so much longer than others.</param>
    internal async Task<(Account Account, Load Load)> RunAsync(Func<Task> fault, TimeSpan longer = default)
    {
        try
        {
            return await RunOnceAsync(fault).WaitAsync(_patience + longer, TimeProvider.System);
        }
        finally
        {
            await WriteLogsAsync();
        }
    }

    /// <summary>What holds in every case.</summary>
    /// <param name="account">What the sandbox saw.</param>
    /// <param name="duplicates">So many calls may have been sent again.</param>
    internal static void AssertPromises(Account account, int duplicates = ClusterHarness.MaxConcurrency)
    {
        Assert.Empty(account.Lost);
        Assert.Equal((0, 0, 0), (account.OrderViolations, account.HarmfulDuplicates, account.Throttled));
        Assert.InRange(account.MaxInWindow, 1, ClusterHarness.Limit);
        Assert.InRange(account.Duplicates, 0, duplicates);
    }

    /// <summary>Nobody hangs, and whoever is refused is told when to come back.</summary>
    internal static void AssertRefusalsAreRetryable(Load load)
    {
        Assert.DoesNotContain(load.Refusals, refusal => refusal.Answer != "503" || refusal.RetryAfter is null);
        Assert.DoesNotContain(load.Refusals, refusal => refusal.After > TimeSpan.FromSeconds(15));
    }

    private async Task<(Account Account, Load Load)> RunOnceAsync(Func<Task> fault)
    {
        await Cluster.HealAsync();
        await Cluster.WaitUntilEmptyAsync();
        Cluster.Sandbox.Reset();

        await using var load = new Load([.. Cluster.FrontEnds.Select(frontEnd => frontEnd.Url)], $"{Guid.NewGuid():N}"[..8], Customers, CallsPerSecond);
        await Cluster.Sandbox.WaitForProcessedAsync(3 * Customers);
        var began = TimeProvider.System.GetTimestamp();
        await fault();
        output.WriteLine($"The fault lasted {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s.");
        await load.WaitUntilServedAsync(TimeProvider.System.GetUtcNow());
        await Cluster.Sandbox.WaitForProcessedAsync(Cluster.Sandbox.Report().Order.Processed + (2 * Customers));
        await load.StopAsync();
        await Cluster.WaitUntilEmptyAsync();

        var account = Account.Of(load, Cluster.Sandbox);
        Report(account, load);
        return (account, load);
    }

    /// <summary>Beside the test's assembly: they are long.</summary>
    private async Task WriteLogsAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "logs", $"{TimeProvider.System.GetUtcNow():HHmmss}"));
        foreach (var process in Cluster.Silos.Select(silo => silo.Process).Concat(Cluster.FrontEnds))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{process.Name}.log"), process.Output);
        }

        output.WriteLine($"What the processes wrote stands in {folder.FullName}.");
    }

    private void Report(Account account, Load load)
    {
        output.WriteLine(
            $"Acknowledged {account.Acknowledged}, lost {account.Lost.Count}, order violations {account.OrderViolations} (and {account.Stragglers} of calls that were not acknowledged), " +
            $"duplicates {account.Duplicates} (harmful {account.HarmfulDuplicates}), most in a second {account.MaxInWindow}, 429s {account.Throttled}.");
        output.WriteLine(
            $"Longest silence at the receiver while work waited {account.LongestSilence.TotalSeconds:0.00} s; slowest delivery {account.SlowestDelivery.TotalSeconds:0.00} s after its acknowledgement.");
        output.WriteLine(
            $"Not acknowledged {load.Refusals.Count} ({string.Join(", ", load.Refusals.GroupBy(r => r.Answer).Select(g => $"{g.Key}: {g.Count()}"))}), " +
            $"slowest such answer {load.Refusals.Select(r => r.After).DefaultIfEmpty().Max().TotalSeconds:0.00} s, not cured by one repeat {load.Uncured}, longest failure of a caller {load.LongestFailure.TotalSeconds:0.00} s.");
    }
}
