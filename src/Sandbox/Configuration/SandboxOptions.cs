using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Sandbox;

/// <summary>How the simulated Customer.io behaves.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where it listens; port 0 takes a free one (default: <c>http://127.0.0.1:5081</c>).</summary>
    public string Url { get; init; } = "http://127.0.0.1:5081";

    /// <summary>The site id to demand; null takes any credentials (default: null).</summary>
    public string? SiteId { get; init; }

    /// <summary>The API key that belongs to <see cref="SiteId"/> (default: null).</summary>
    public string? ApiKey { get; init; }

    /// <summary>The App API's bearer key to demand; null takes any (default: null).</summary>
    public string? AppApiKey { get; init; }

    /// <summary>The Pipelines API's write key to demand; null takes any (default: null).</summary>
    public string? PipelinesWriteKey { get; init; }

    /// <summary>The region that <c>accounts/region</c> tells: <c>us</c> or <c>eu</c> (default: <c>us</c>).</summary>
    public string Region { get; init; } = "us";

    /// <summary>The limits to enforce, each exactly in any sliding window (default: none).</summary>
    public IReadOnlyList<SandboxLimit> Limits { get; init; } = [];

    /// <summary>Whether a request over the limit is told when to come back, in <c>Retry-After</c> (default: false, as Customer.io documents none).</summary>
    public bool SendRetryAfter { get; init; }

    /// <summary>Whether it is told in <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c> (default: false).</summary>
    public bool SendRateLimitHeaders { get; init; }

    /// <summary>How long every answer takes after its request has arrived (default: none).</summary>
    public LatencyDistribution Latency { get; init; } = LatencyDistribution.None;

    /// <summary>What goes wrong from the start; may be switched while it runs (default: nothing).</summary>
    public SandboxFaults Faults { get; init; } = SandboxFaults.None;

    /// <summary>Seeds the draws of faults and latencies (default: 1).</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The window over which the report takes its maxima (default: 1 s).</summary>
    public TimeSpan ReportWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the last requests are kept whole, credentials too (default: 0, which is off).</summary>
    public int RecordRequests { get; init; }
}
