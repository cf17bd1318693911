using System.Net.Http.Json;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Bench.Sandboxes;

/// <summary>The sandbox as a process of its own, as Customer.io is: nothing that the bench does delays its arrivals.</summary>
internal sealed class SandboxProcess : ISandbox
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http = new();

    private SandboxProcess(ChildProcess process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public static async Task<SandboxProcess> StartAsync(SandboxSetup setup, CancellationToken stop)
    {
        var process = ChildProcess.Start("dotnet", [BuildPaths.SandboxAssembly], setup.ToEnvironment(), Path.GetDirectoryName(BuildPaths.SandboxAssembly));
        try
        {
            // "Customer.io sandbox on http://127.0.0.1:41234/, its report on …"
            var line = await process.Lines.ReadAsync(stop);
            return new SandboxProcess(process, new Uri(line.Split(' ', ',').First(word => word.StartsWith("http://", StringComparison.Ordinal))));
        }
        catch (Exception exception)
        {
            var lines = process.LastLines;
            await process.DisposeAsync();
            throw new InvalidOperationException($"The sandbox did not start:\n{lines}", exception);
        }
    }

    public async Task<SandboxReport> ReportAsync(CancellationToken stop) =>
        (await _http.GetFromJsonAsync<SandboxReport>(new Uri(Url, "/sandbox/report"), stop))!;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }
}
