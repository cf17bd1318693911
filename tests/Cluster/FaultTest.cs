namespace CioOrleans.Cluster;

/// <summary>Something happens to the cluster under load; afterwards the sandbox's own count is compared with what was promised.</summary>
[Collection(SharedCluster.Name)]
public abstract class FaultTest(SharedCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    protected ITestOutputHelper Output => output;

    internal ClusterHarness Cluster => shared.Require();

    /// <summary>Runs a fault under load and returns once everything that was acknowledged should have arrived.</summary>
    /// <param name="fault">Does its worst and returns when the worst is over.</param>
    /// <param name="longer">It takes so much longer than others.</param>
    internal Task<(Account Account, Load Load)> RunAsync(Func<Task> fault, TimeSpan longer = default) => RunAsync(_ => fault(), longer);

    /// <inheritdoc cref="RunAsync(Func{Task}, TimeSpan)"/>
    internal async Task<(Account Account, Load Load)> RunAsync(Func<Load, Task> fault, TimeSpan longer = default)
    {
        try
        {
            var run = FaultRun.UnderLoadAsync(Cluster, fault, output.WriteLine);
            await Wait.ForAsync(run, "The end of the fault and the delivery of all calls", _patience + longer);
            return await run;
        }
        finally
        {
            await WriteLogsAsync();
        }
    }

    /// <summary>What holds in every case.</summary>
    /// <param name="account">What the sandbox saw.</param>
    /// <param name="repeats">How many requests may have been sent again.</param>
    internal static void AssertPromises(Account account, int repeats = ClusterHarness.MaxConcurrency)
    {
        Assert.Empty(account.Violations);
        Assert.Equal(0, account.DeadLetters);
        Assert.InRange(account.Repeats, 0, repeats);
        Assert.Equal(Enum.GetValues<LoadKind>(), account.Acknowledged.Keys.Order());
        Assert.InRange(account.Replayed, 1, int.MaxValue);
    }

    /// <summary>Every caller gets an answer in time, and a refusal says when to repeat the call. A line of an import is tried for 20 s and refused in its answer.</summary>
    internal static void AssertRefusalsAreRetryable(Load load)
    {
        Assert.DoesNotContain(load.Refusals, refusal => refusal.Kind != LoadKind.Import && (refusal.Answer is not ("503" or "429") || refusal.RetryAfter is null));
        Assert.DoesNotContain(load.Refusals, refusal => refusal.Kind != LoadKind.Import && refusal.After > TimeSpan.FromSeconds(15));
    }

    /// <summary>
    /// A caller that was refused was served when it repeated its call. One may not be: this was seen once, right after the test that takes PostgreSQL away. The
    /// likely cause is a twin of a grain from that fault, which refuses the next call that it gets.
    /// </summary>
    internal static void AssertCuredByOneRepeat(Load load) => Assert.InRange(load.Uncured, 0, 1);

    /// <summary>Beside the test's assembly: they are long.</summary>
    private async Task WriteLogsAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "logs", $"{TimeProvider.System.GetUtcNow():HHmmss}"));
        output.WriteLine($"The processes' output is in {await Cluster.WriteLogsAsync(folder)}.");
    }
}
