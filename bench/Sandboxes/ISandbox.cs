using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Bench.Sandboxes;

/// <summary>A simulated Customer.io, wherever it runs.</summary>
internal interface ISandbox : IAsyncDisposable
{
    Uri Url { get; }

    Task<SandboxReport> ReportAsync(CancellationToken stop);
}
