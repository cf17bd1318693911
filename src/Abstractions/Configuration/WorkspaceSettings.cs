using CioOrleans.Attempts;
using CioOrleans.Limits;

namespace CioOrleans.Configuration;

/// <summary>One workspace of Customer.io, as configured and validated. Immutable; rules and grains read only this.</summary>
public sealed record WorkspaceSettings
{
    public required string Name { get; init; }

    /// <summary>The Basic user name of the Track API, for callers of the dispatcher and for Customer.io.</summary>
    public required string SiteId { get; init; }

    /// <summary>The Track API's Basic password.</summary>
    public required string ApiKey { get; init; }

    /// <summary>The App API's bearer key; null if the workspace does not use that API.</summary>
    public string? AppApiKey { get; init; }

    /// <summary>
    /// A service account's token (<c>sa_live_…</c>), which is valid together with <see cref="WorkspaceId"/>; null if the workspace uses none. Callers may use it
    /// instead of <see cref="AppApiKey"/>. Requests leave with it where there is no <see cref="AppApiKey"/>, and sends to the Track API's host always do.
    /// </summary>
    public string? ServiceToken { get; init; }

    /// <summary>The workspace's number at Customer.io; null without a <see cref="ServiceToken"/>.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Scheme and authority of the Track API.</summary>
    public required Uri TrackUrl { get; init; }

    /// <summary>Scheme and authority of the App API.</summary>
    public required Uri AppUrl { get; init; }

    /// <summary>The Pipelines API's write key; null if the workspace does not use that API.</summary>
    public string? PipelinesWriteKey { get; init; }

    /// <summary>Scheme and authority of the Pipelines API.</summary>
    public Uri PipelinesUrl { get; init; } = new("https://cdp.customer.io");

    /// <summary>The host that gets the requests of a limit class. Messages go to the Track API's host where <see cref="SendSettings.Host"/> says so.</summary>
    public UpstreamHost HostOf(LimitClass limitClass) =>
        Sends.Host == SendHost.Track && limitClass is (LimitClass.TransactionalEmail or LimitClass.TransactionalPush) ? UpstreamHost.Track : limitClass.ToHost();

    /// <summary>How calls of the browser SDK are taken (default: null, they are not).</summary>
    public BrowserSettings? Browser { get; init; }

    /// <summary>The hosts for which the workspace has credentials.</summary>
    public IReadOnlyCollection<UpstreamHost> UsedHosts =>
        [UpstreamHost.Track, .. (UpstreamHost[])((AppApiKey ?? ServiceToken) is null ? [] : [UpstreamHost.App]), .. (UpstreamHost[])((PipelinesWriteKey ?? Browser?.WriteKey) is null ? [] : [UpstreamHost.Pipelines])];

    /// <summary>The limit groups. Every limit class is in exactly one of them.</summary>
    public required IReadOnlyList<LimitGroupSettings> LimitGroups { get; init; }

    public RetrySettings Retry { get; init; } = new();

    public StampingSettings Stamping { get; init; } = new();

    public SendSettings Sends { get; init; } = new();

    public BackPressureSettings BackPressure { get; init; } = new();

    public BatchingSettings Batching { get; init; } = new();

    public DeduplicationSettings Deduplication { get; init; } = new();

    public TokenReturn TokenReturn { get; init; } = TokenReturn.AfterResponse;

    /// <summary>How long the progress of an import is kept after its id was made; 1 h to 8,760 h (default: 720 h).</summary>
    public TimeSpan KeepImports { get; init; } = TimeSpan.FromHours(720);

    /// <summary>How long a dead letter is kept after it was made; 1 h to 87,600 h (default: null, for ever).</summary>
    public TimeSpan? KeepDeadLetters { get; init; }

    /// <summary>What a dead letter does to the queue of its customer (default: <see cref="DeadLetterPolicy.Continue"/>).</summary>
    public DeadLetterPolicy OnDeadLetter { get; init; }

    /// <summary>The maximum number of requests in flight; 1 to 10,000 (default: 64).</summary>
    public int MaxConcurrency { get; init; } = 64;

    /// <summary>The time-out of an attempt; 100 ms to 60 s (default: 10 s).</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time from the start of an attempt to the end of its request. A lease must last longer.</summary>
    public TimeSpan LongestRequest => RequestEnd.Longest(AttemptTimeout);

    /// <summary>The name only, because a record would print its credentials.</summary>
    public override string ToString() => Name;
}
