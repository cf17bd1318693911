using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Sandbox;

/// <summary>The options of the simulated Customer.io.</summary>
public sealed record SandboxOptions
{
    /// <summary>The address on which it listens. Port 0 selects a free port (default: <c>http://127.0.0.1:5081</c>).</summary>
    public string Url { get; init; } = "http://127.0.0.1:5081";

    /// <summary>The site id that it requires; null accepts any credentials (default: null).</summary>
    public string? SiteId { get; init; }

    /// <summary>The API key that belongs to <see cref="SiteId"/> (default: null).</summary>
    public string? ApiKey { get; init; }

    /// <summary>The App API's bearer key that it requires; null accepts any (default: null).</summary>
    public string? AppApiKey { get; init; }

    /// <summary>The Pipelines API's write key that it requires; null accepts any (default: null).</summary>
    public string? PipelinesWriteKey { get; init; }

    /// <summary>The region that <c>accounts/region</c> answers: <c>us</c> or <c>eu</c> (default: <c>us</c>).</summary>
    public string Region { get; init; } = "us";

    /// <summary>The limits that it enforces, each exactly in every sliding window (default: none).</summary>
    public IReadOnlyList<SandboxLimit> Limits { get; init; } = [];

    /// <summary>Whether the answer to a request over the limit has <c>Retry-After</c> (default: false, because Customer.io documents none).</summary>
    public bool SendRetryAfter { get; init; }

    /// <summary>Whether the answer to a request over the limit has <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c> (default: false).</summary>
    public bool SendRateLimitHeaders { get; init; }

    /// <summary>The delay of every answer after its request was read (default: none).</summary>
    public LatencyDistribution Latency { get; init; } = LatencyDistribution.None;

    /// <summary>The faults at the start. They can be changed while it runs (default: none).</summary>
    public SandboxFaults Faults { get; init; } = SandboxFaults.None;

    /// <summary>The seed of the random faults and latencies (default: 1).</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How long the App API waits for a person that it does not know when its attributes are asked for (default: 1 s). Customer.io's queries show a call
    /// some seconds after it was answered.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The window over which the report takes its maxima (default: 1 s).</summary>
    public TimeSpan ReportWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the last requests are recorded completely, with their credentials (default: 0, which is off).</summary>
    public int RecordRequests { get; init; }
}
