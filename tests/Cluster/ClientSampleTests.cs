using System.Net;
using System.Net.Http.Json;

namespace CioOrleans.Cluster;

/// <summary>samples/Client, run as its reader runs it, against the shared cluster.</summary>
public sealed class ClientSampleTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_service_without_a_silo_reaches_customer_io_through_the_cluster()
    {
        await Cluster.HealAsync();
        await Cluster.WaitUntilEmptyAsync();
        var id = $"subscriber-{Guid.NewGuid():N}";
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var sample = ChildProcess.Start(
            "dotnet",
            [BuildPaths.ClientSampleAssembly],
            new Dictionary<string, string> { ["Urls"] = url.ToString(), ["ConnectionStrings__Dispatcher"] = Cluster.ConnectionString },
            Path.GetDirectoryName(BuildPaths.ClientSampleAssembly));
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };

        await Wait.UntilAsync("The start of the sample", _patience, () => IsListening(sample));
        using var answer = await http.PostAsJsonAsync(new Uri($"/subscribers/{id}", UriKind.Relative), new { email = "ann@example.com", newsletter = "weekly" });
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, sample.Output);
        await Wait.UntilAsync("The delivery of both calls", _patience, () => Arrived(id).Count == 2);

        Assert.Equal([$"PUT /api/v1/customers/{id}", $"POST /api/v1/customers/{id}/events"], Arrived(id));
    }

    private static bool IsListening(ChildProcess sample) => sample.HasExited
        ? throw new InvalidOperationException($"The sample ended before it listened:\n{sample.Output}")
        : sample.Output.Contains("Now listening on: ", StringComparison.Ordinal);

    private List<string> Arrived(string id) =>
    [
        .. Cluster.Sandbox.Requests
            .Where(request => request.Status == 200 && $"{request.RawTarget}/".Contains($"/customers/{id}/", StringComparison.Ordinal))
            .Select(request => $"{request.Method} {request.RawTarget}"),
    ];
}
