using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class DatabaseTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(6);

    [SkippableFact]
    public Task Stopping_PostgreSQL_for_6_seconds_loses_nothing() => AwayAsync(server => Faults.StopDatabase(server, _away));

    [SkippableFact]
    public Task Killing_PostgreSQL_loses_nothing() => AwayAsync(server => Faults.KillDatabase(server, _away));

    private async Task AwayAsync(Func<PostgresServer, Fault> fault)
    {
        Skip.If(Cluster.Server is null, "The database is somebody else's server, and is not to be stopped.");
        var back = default(DateTimeOffset);

        var (account, load) = await RunAsync(async () =>
        {
            await fault(Cluster.Server).HappenAsync();
            back = TimeProvider.System.GetUtcNow();
        });

        var resumed = account.FirstArrivalAfter(back) - back;
        Output.WriteLine($"Delivery resumed {resumed?.TotalSeconds:0.00} s after PostgreSQL was back.");
        AssertPromises(account);
        AssertRefusalsAreRetryable(load);
        Assert.NotEmpty(load.Refusals);
        Assert.NotNull(resumed);
        Assert.InRange(resumed.Value, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }
}
