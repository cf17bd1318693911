namespace CioOrleans.Testing.Cluster;

/// <summary>Something happens to a cluster under load; afterwards the sandbox's own count is compared with what was promised.</summary>
public static class FaultRun
{
    /// <summary>Warms up until this many calls were delivered: each kind has had its turn on some lane.</summary>
    private const int WarmUp = 75;

    private static readonly TimeSpan _warmUpPatience = TimeSpan.FromSeconds(60);

    /// <inheritdoc cref="UnderLoadAsync(ClusterHarness, Func{Load, Task}, Action{string})"/>
    public static Task<(Account Account, Load Load)> UnderLoadAsync(ClusterHarness cluster, Func<Task> fault, Action<string> report) =>
        UnderLoadAsync(cluster, _ => fault(), report);

    /// <param name="cluster">What it happens to.</param>
    /// <param name="fault">Does its worst and returns when the worst is over.</param>
    /// <param name="report">Takes lines for people.</param>
    public static async Task<(Account Account, Load Load)> UnderLoadAsync(ClusterHarness cluster, Func<Load, Task> fault, Action<string> report)
    {
        await cluster.HealAsync();
        await cluster.WaitUntilEmptyAsync();
        cluster.Sandbox.Reset();
        var began = TimeProvider.System.GetUtcNow();

        await using var load = new Load(cluster.FrontEnds);
        await Wait.ForAsync(cluster.Sandbox.WaitForProcessedAsync(WarmUp), $"The delivery of the first {WarmUp} calls", _warmUpPatience);
        var from = TimeProvider.System.GetUtcNow();
        await fault(load);
        var ended = TimeProvider.System.GetUtcNow();
        report($"The fault lasted {(ended - from).TotalSeconds:0.0} s.");
        await load.WaitUntilServedAsync(ended);
        var to = TimeProvider.System.GetUtcNow();
        await load.StopAsync();
        await load.SettleAsync(cluster.WaitUntilEmptyAsync);
        report($"Served again {(to - ended).TotalSeconds:0.0} s after it, all delivered after {(TimeProvider.System.GetUtcNow() - ended).TotalSeconds:0.0} s.");

        var account = Account.Of(load, cluster.Sandbox, from, to) with { Recorded = await cluster.VerifyAsync(began) };
        Tell(account, load, report);
        return (account, load);
    }

    /// <summary>Writes the account for people.</summary>
    public static void Tell(Account account, Load load, Action<string> report)
    {
        report($"Acknowledged {account.Acknowledged.Values.Sum()}: {string.Join(", ", account.Acknowledged.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))}.");
        report(
            $"Requests repeated {account.Repeats}, dead letters replayed {account.Replayed}, others {account.DeadLetters}, outcome of sends unknown {account.Unknown}, " +
            $"most in a second: {string.Join(", ", account.MostInASecond.Select(most => $"{most.Key} {most.Value}"))}.");
        report(account.Violations.Count == 0 ? "All promises were kept." : $"{account.Violations.Count} promises were broken:");
        foreach (var violation in account.Violations)
        {
            report($"  {violation}");
        }

        foreach (var broken in account.Recorded)
        {
            report($"  The record tells of a broken promise: {broken}");
        }

        report(
            $"Longest silence at the receiver while work waited {account.LongestSilence.TotalSeconds:0.00} s; slowest delivery {account.SlowestDelivery.TotalSeconds:0.00} s after its acknowledgement.");
        report($"Slowest: {string.Join(", ", account.Slowest)}.");
        report(
            $"Not acknowledged {load.Refusals.Count} ({string.Join(", ", load.Refusals.GroupBy(r => $"{r.Kind} {r.Answer}").Select(g => $"{g.Key}: {g.Count()}"))}), " +
            $"slowest such answer {load.Refusals.Select(r => r.After).DefaultIfEmpty().Max().TotalSeconds:0.00} s, not cured by one repeat {load.Uncured}, longest failure of a caller {load.LongestFailure.TotalSeconds:0.00} s.");
    }
}
