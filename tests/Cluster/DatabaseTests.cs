using System.Net;

namespace CioOrleans.Cluster;

public sealed class DatabaseTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(6);

    /// <summary>A grain call has 30 s.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task Stopping_PostgreSQL_for_6_seconds_loses_nothing() => AwayAsync(server => Faults.StopDatabase(server, _away));

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task Killing_PostgreSQL_loses_nothing() => AwayAsync(server => Faults.KillDatabase(server, _away));

    private async Task AwayAsync(Func<PostgresServer, Fault> fault)
    {
        Assert.SkipWhen(Cluster.Server is null, "The database is somebody else's server, and is not to be stopped.");
        var back = default(DateTimeOffset);
        var answer = default(HttpStatusCode);

        var (account, load) = await RunAsync(async () =>
        {
            var happening = fault(Cluster.Server).HappenAsync();
            await Task.Delay(_away / 3, TimeProvider.System);
            answer = await AskAsync();
            await happening;
            back = TimeProvider.System.GetUtcNow();
        });

        var resumed = account.FirstArrivalAfter(back) - back;
        Output.WriteLine($"Delivery resumed {resumed?.TotalSeconds:0.00} s after PostgreSQL was back.");
        AssertPromises(account);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        AssertRefusalsAreRetryable(load);
        Assert.NotEmpty(load.Refusals);
        Assert.NotNull(resumed);
        Assert.InRange(resumed.Value, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    /// <summary>Asks for what only the database knows, while it is away.</summary>
    private async Task<HttpStatusCode> AskAsync()
    {
        using var http = new HttpClient { BaseAddress = Cluster.FrontEnds[0].Admin, Timeout = _patience };
        using var answer = await http.GetAsync(new Uri("/admin/workspaces/acme/dead-letters", UriKind.Relative));
        return answer.StatusCode;
    }
}
