namespace CioOrleans.Cluster;

public sealed class PlacementTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Customers_spread_over_the_silos_and_over_one_that_joins_under_load()
    {
        const int customers = 3_000;
        const int newcomers = 1_000;
        await Cluster.HealAsync();
        await using var census = await ClusterCensus.ConnectAsync(Cluster.ConnectionString);

        await VisitAsync("old", customers);
        var three = await census.CountCustomersAsync();
        var visited = await census.CountCustomersAsync("id:old-");
        Write("Three silos", three);
        ClusterSilo fourth = null!;
        var (account, load) = await RunAsync(async () =>
        {
            fourth = await Cluster.AddSiloAsync();
            await fourth.Process.StartAsync();
            await WaitUntilChosenAsync(census, fourth);
            await VisitAsync("new", newcomers);
        });

        var four = await census.CountCustomersAsync();
        Write("Four silos", four);
        Assert.Equal(customers, visited);
        Assert.InRange(three.Values.Max(), 0, three.Values.Sum() / 2);
        Assert.InRange(four.Where(silo => fourth.IsAt(silo.Key)).Sum(silo => silo.Value), newcomers / 20, newcomers);
        AssertPromises(account, repeats: 0);
        AssertCuredByOneRepeat(load);
        var code = await Cluster.RetireAsync(fourth);
        Assert.True(code == 0, $"The silo that was to leave ended with {code}:\n{fourth.Process.Output}");
    }

    /// <summary>The other silos choose one that joined once they have its load, which it tells each second; on a busy machine that has taken several.</summary>
    private async Task WaitUntilChosenAsync(ClusterCensus census, ClusterSilo silo)
    {
        var round = 0;
        await Wait.UntilAsync("The first customer of the silo that joined", _patience, async () =>
        {
            await VisitAsync($"first-{round++}", 50);
            return (await census.CountCustomersAsync()).Keys.Any(silo.IsAt);
        });
    }

    /// <summary>Brings customers to life by looking at them.</summary>
    private async Task VisitAsync(string name, int customers)
    {
        using var http = new HttpClient { BaseAddress = Cluster.FrontEnds[0].Admin };
        await Parallel.ForAsync(0, customers, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, cancellation) =>
        {
            using var answer = await http.GetAsync(new Uri($"/admin/workspaces/acme/customers/id:{name}-{number}", UriKind.Relative), cancellation);
            answer.EnsureSuccessStatusCode();
        });
    }

    private void Write(string when, IReadOnlyDictionary<string, int> counts) =>
        Output.WriteLine($"{when}: {string.Join(", ", counts.Select(silo => $"{silo.Key} {silo.Value}"))}.");
}
