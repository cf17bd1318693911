using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Bench.Sandboxes;

/// <summary>The sandbox inside the bench: it shares a clock with what is measured here, and a thread pool with everything else in it.</summary>
internal sealed class SandboxHere(SandboxServer server) : ISandbox
{
    public Uri Url => server.Url;

    public static async Task<SandboxHere> StartAsync(SandboxSetup setup, CancellationToken stop) =>
        new(await SandboxServer.StartAsync(setup.ToOptions(), cancellationToken: stop));

    public Task<SandboxReport> ReportAsync(CancellationToken stop) => Task.FromResult(server.Report());

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
