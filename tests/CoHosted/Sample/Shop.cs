using System.Net.Http.Json;
using System.Reflection;
using System.Text.RegularExpressions;
using CioOrleans.EndToEnd;

namespace CioOrleans.Samples;

/// <summary>The sample in a process of its own, on a free port.</summary>
internal sealed partial class Shop : IAsyncDisposable
{
    private static readonly string _assembly =
        typeof(Shop).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ShopAssembly").Value!;

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private Shop(ChildProcess process, Uri url)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = url };
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="folder">Where its data stands.</param>
    /// <param name="customerIo">Where it delivers to.</param>
    public static async Task<Shop> StartAsync(DataFolder folder, Uri customerIo)
    {
        var environment = new Dictionary<string, string>
        {
            ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(folder.Path, "shop.db")}",
            ["Dispatcher__Workspaces__shop__TrackUrl"] = customerIo.ToString(),
        };
        var process = ChildProcess.Start("dotnet", [_assembly, "--urls", "http://127.0.0.1:0"], environment, Path.GetDirectoryName(_assembly));
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
        var exited = process.WaitAsync();
        while (true)
        {
            if (ListeningOn().Match(process.Output) is { Success: true } match)
            {
                return new Uri(match.Groups[1].Value);
            }

            if (await Task.WhenAny(exited, Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System)) == exited)
            {
                throw new InvalidOperationException($"The shop ended with {await exited} before it listened:\n{process.Output}");
            }
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
