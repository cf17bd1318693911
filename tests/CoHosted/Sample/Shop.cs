using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CioOrleans.Testing;
using CioOrleans.Testing.Processes;

namespace CioOrleans.Samples;

/// <summary>The sample in a process of its own, on a free port.</summary>
internal sealed partial class Shop : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private Shop(ChildProcess process, Uri url)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = url };
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="folder">The folder of its data.</param>
    /// <param name="customerIo">Where it delivers to.</param>
    /// <param name="more">Further settings.</param>
    public static async Task<Shop> StartAsync(DataFolder folder, Uri customerIo, params (string Key, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(folder.Path, "shop.db")}",
            ["Dispatcher__Workspaces__shop__TrackUrl"] = customerIo.ToString(),
            ["Shop__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in more)
        {
            environment[key] = value;
        }

        var process = ChildProcess.Start("dotnet", [BuildPaths.ShopAssembly, "--urls", "http://127.0.0.1:0"], environment, Path.GetDirectoryName(BuildPaths.ShopAssembly));
        try
        {
            return new Shop(process, await ListeningOnAsync(process));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> SignUpAsync(string id) =>
        _http.PostAsJsonAsync(new Uri("/customers", UriKind.Relative), new { id, email = $"{id}@example.com", plan = "pro" });

    public Task<HttpResponseMessage> BuyAsync(string customer, Guid orderId, int seq) => _http.PostAsJsonAsync(
        new Uri($"/customers/{customer}/purchases", UriKind.Relative), new { orderId, product = "socks", price = 9.90m, seq });

    public Task<HttpResponseMessage> LeaveAsync(string customer) => _http.DeleteAsync(new Uri($"/customers/{customer}", UriKind.Relative));

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<Uri> ListeningOnAsync(ChildProcess process)
    {
        Match? match = null;
        await Wait.UntilAsync("The address of the shop", _patience, () =>
        {
            match = ListeningOn().Match(process.Output);
            if (!match.Success && process.HasExited)
            {
                throw new InvalidOperationException($"The shop ended before it listened:\n{process.Output}");
            }

            return Task.FromResult(match.Success);
        });
        return new Uri(match!.Groups[1].Value);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
