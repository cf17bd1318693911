using System.Globalization;
using System.Text.Json;

namespace CioOrleans.Bench.Load;

/// <summary>The load generator in a process of its own, so that its memory and threads are not the server's.</summary>
internal static class LoadProcess
{
    // Answers are handled on the one thread that learns of them: fewer hand-overs between threads, less of the shared cores.
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <summary>Runs the slices one after the other on the same connections.</summary>
    /// <param name="server">Which server.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="customers">Between how many customers the calls take turns.</param>
    /// <param name="bodyBytes">The size of a body.</param>
    /// <param name="slices">What to run.</param>
    /// <param name="onResult">Called with each result as it comes.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<IReadOnlyList<SliceResult>> RunAsync(
        Uri server, int connections, int customers, int bodyBytes, IEnumerable<Slice> slices, Action<SliceResult>? onResult, CancellationToken stop)
    {
        string[] arguments =
        [
            BuildPaths.BenchAssembly, "load", "--url", server.ToString(), "--connections", Text(connections), "--customers", Text(customers),
            "--body", Text(bodyBytes), "--slices", string.Join(',', slices),
        ];
        await using var process = ChildProcess.Start("dotnet", arguments, _environment);
        var results = new List<SliceResult>();
        await foreach (var line in process.Lines.ReadAllAsync(stop))
        {
            var result = JsonSerializer.Deserialize<SliceResult>(line)!;
            results.Add(result);
            onResult?.Invoke(result);
        }

        await process.WaitForSuccessAsync(stop);
        return results;
    }

    /// <summary>Sends this number of calls to the dispatcher.</summary>
    /// <exception cref="InvalidOperationException">Not all of them were accepted.</exception>
    public static async Task<SliceResult> FillAsync(Uri server, int customers, int calls, int connections, CancellationToken stop)
    {
        var result = (await RunAsync(server, connections, customers, bodyBytes: 300, [Slice.Of(Slice.Durable, calls)], null, stop)).Single();
        return result.Failures == 0 ? result : throw new InvalidOperationException($"{result.Failures} of {calls} calls were not accepted.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
