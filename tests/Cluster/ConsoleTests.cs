using System.Text.RegularExpressions;

namespace CioOrleans.Cluster;

/// <summary>The console of a front-end that has no silo.</summary>
public sealed partial class ConsoleTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_front_end_without_a_silo_shows_workspaces_lanes_lists_and_silos()
    {
        await Cluster.HealAsync();
        using var http = new HttpClient { BaseAddress = new Uri(Cluster.FrontEnds[0].Admin, "/console/") };

        var overview = await ShownAsync("");
        Assert.Contains("data-workspace=\"acme\"", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer", overview, StringComparison.Ordinal);
        Assert.Contains("data-limit=\"identify\"", await ShownAsync("w/acme"), StringComparison.Ordinal);
        Assert.Contains("data-value=\"waiting\"", await ShownAsync("w/acme/customers?customer=nobody-yet"), StringComparison.Ordinal);
        foreach (var list in new[] { "customers", "history", "dead-letters", "imports", "sends", "refused" })
        {
            await ShownAsync($"w/acme/{list}");
        }

        var cluster = await ShownAsync("cluster");
        Assert.InRange(Silos().Count(cluster), Cluster.Silos.Count, int.MaxValue);
        Assert.Contains("href=\"w/acme\"", cluster, StringComparison.Ordinal);
        Assert.Contains("Dispatcher:Cluster:Mode", await ShownAsync("settings"), StringComparison.Ordinal);

        // What the server draws before a browser has connected: the same as afterwards, and without an error.
        async Task<string> ShownAsync(string path)
        {
            var page = await http.GetStringAsync(new Uri(path, UriKind.Relative));
            Assert.DoesNotContain("class=\"problem\"", page, StringComparison.Ordinal);
            return page;
        }
    }

    [GeneratedRegex("data-silo=")]
    private static partial Regex Silos();
}
