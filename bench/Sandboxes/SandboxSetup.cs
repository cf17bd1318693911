using System.Globalization;
using CioOrleans.Bench.Processes;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Bench.Sandboxes;

/// <summary>How a simulated Customer.io behaves in a scenario.</summary>
/// <param name="Enforced">The maximum of requests in any second, over all of Track v1; null enforces no limit.</param>
/// <param name="HasLatency">10 ms plus an exponential, 20 in the mean, 60 at most; otherwise none.</param>
/// <param name="ServerErrors">Share answered 500, unprocessed.</param>
/// <param name="Recorded">How many requests are kept whole.</param>
internal sealed record SandboxSetup(int? Enforced, bool HasLatency = true, double ServerErrors = 0, int Recorded = 0)
{
    private static readonly TimeSpan _min = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _mean = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _max = TimeSpan.FromMilliseconds(60);

    /// <summary>Requests of Track v2 in any second; null where nothing is enforced.</summary>
    public int? EnforcedBatches { get; init; }

    /// <summary>The share of the operations in batches that are refused at random.</summary>
    public double FailedItems { get; init; }

    private string Limits => EnforcedBatches is { } batches ? string.Create(CultureInfo.InvariantCulture, $"batch={batches}/1s") : TrackLimits;

    private string TrackLimits => Enforced is { } permits ? string.Create(CultureInfo.InvariantCulture, $"identify,track,page={permits}/1s") : "";

    public SandboxOptions ToOptions() => new()
    {
        Url = "http://127.0.0.1:0",
        SiteId = DispatcherProcess.SiteId,
        ApiKey = DispatcherProcess.ApiKey,
        Limits = SandboxLimit.Parse(Limits),
        Latency = HasLatency ? LatencyDistribution.Exponential(_min, _mean, _max) : LatencyDistribution.None,
        Faults = new SandboxFaults { ServerError = ServerErrors, FailedItems = FailedItems },
        RecordRequests = Recorded,
    };

    public Dictionary<string, string> ToEnvironment() => new()
    {
        ["Sandbox__Url"] = "http://127.0.0.1:0",
        ["Sandbox__SiteId"] = DispatcherProcess.SiteId,
        ["Sandbox__ApiKey"] = DispatcherProcess.ApiKey,
        ["Sandbox__Limits"] = Limits,
        ["Sandbox__Latency__Min"] = Milliseconds(_min),
        ["Sandbox__Latency__Mean"] = Milliseconds(_mean),
        ["Sandbox__Latency__Max"] = Milliseconds(_max),
        ["Sandbox__Faults__ServerError"] = ServerErrors.ToString(CultureInfo.InvariantCulture),
        ["Sandbox__Faults__FailedItems"] = FailedItems.ToString(CultureInfo.InvariantCulture),
        ["Sandbox__RecordRequests"] = Recorded.ToString(CultureInfo.InvariantCulture),
    };

    private string Milliseconds(TimeSpan latency) => string.Create(CultureInfo.InvariantCulture, $"{(HasLatency ? latency.TotalMilliseconds : 0)}ms");
}
