using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class DatabaseTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(10);

    [SkippableFact]
    public Task Stopping_PostgreSQL_for_10_seconds_loses_nothing() => AwayAsync(server => server.StopAsync());

    [SkippableFact]
    public Task Killing_PostgreSQL_loses_nothing() => AwayAsync(server => server.KillAsync());

    private async Task AwayAsync(Func<PostgresServer, Task> end)
    {
        Skip.If(Cluster.Server is null, "The database is somebody else's server, and is not to be stopped.");
        var back = default(DateTimeOffset);

        var (account, load) = await RunAsync(async () =>
        {
            await end(Cluster.Server);
            await Task.Delay(_away, TimeProvider.System);
            await Cluster.Server.StartAsync();
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
