using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Grains.Retry;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

internal sealed record SimulationOptions
{
    public required WorkspaceSettings Settings { get; init; }

    public Latency Latency { get; init; } = new Latency.Constant(TimeSpan.FromMilliseconds(20));

    public FaultMix Faults { get; init; } = new();

    /// <summary>A timer fires up to this much late.</summary>
    public TimeSpan TimerLateness { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>A grain call, or a commit, takes up to this long.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The number of arrivals above N that a window may have; null does not check it.</summary>
    public int? Excess { get; init; } = 0;

    /// <summary>How long after its connection's reset a request counts as ended.</summary>
    public TimeSpan ResetWait { get; init; } = RequestEnd.PacketLife;

    /// <summary>Whether the token of a request that was reset counts from the reset, and not from the request's end.</summary>
    public bool TokensCountFromReset { get; init; }

    /// <summary>Whether the token of a grain call that was passed on counts from the moment at which the owner takes it for lost.</summary>
    public bool TokensForgetWhatWasPassedOn { get; init; }

    /// <summary>Whether a batch that was passed on counts as ended at the moment at which the owner takes it for lost.</summary>
    public bool BatchesForgetWhatWasPassedOn { get; init; }

    /// <summary>Whether a successor may send although the lease of its predecessor, which outlasts all permits that were passed on, has not ended.</summary>
    public bool LeasesEndEarly { get; init; }

    /// <summary>Whether a customer carries out a permit although it has seen a later one.</summary>
    public bool CarriesOutOvertakenPermits { get; init; }

    /// <summary>Whether a call that can never leave counts as one whose host cannot be reached.</summary>
    public bool TakesUnsendableForUnreachable { get; init; }

    /// <summary>Whether dead letters hold the queues of their customers.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether customers go on behind a dead letter that holds their queue.</summary>
    public bool GoesOnBehindHolds { get; init; }

    /// <summary>Whether a request that is given up has its connection reset. A connection that is closed in good order goes on transmitting for a minute.</summary>
    public bool ResetsConnections { get; init; } = true;

    /// <summary>In place of the real bucket.</summary>
    public Func<RateLimit, ITokenBucket>? NewBucket { get; init; }

    /// <summary>In place of a health for each host; called for each owner.</summary>
    public Func<Func<UpstreamHost, HostHealth>>? NewHealth { get; init; }

    /// <summary>In place of the real division of the concurrency; called for each owner.</summary>
    public Func<IHostSlots>? NewSlots { get; init; }

    /// <summary>Draws other limit groups for each new owner, as a rolling change of the settings does; null: they stay.</summary>
    public Func<Random, IReadOnlyList<LimitGroupSettings>>? Regroup { get; init; }

    /// <summary>What a successor with these limit groups gets of its predecessor's schedules; by default all of it, unchanged.</summary>
    public Func<IReadOnlyList<LimitSchedule>, IReadOnlyList<LimitGroupSettings>, IReadOnlyList<LimitSchedule>> HandOver { get; init; } = (schedules, _) => schedules;

    /// <summary>As long as there is work, three customers of each host, without faults of their own, get one call in turn this often; null: they do not.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>The run fails if there is still work at this time.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Settings with one limit for identify and track, and one as wide for everything else, which is of all hosts.</summary>
    public static WorkspaceSettings Workspace(RateLimit limit, TokenReturn mode = TokenReturn.AfterResponse, int maxConcurrency = 64) =>
        Workspace([limit], mode, maxConcurrency);

    public static WorkspaceSettings Workspace(IReadOnlyList<RateLimit> limits, TokenReturn mode, int maxConcurrency) => new()
    {
        Name = "acme",
        SiteId = "site",
        ApiKey = "key",
        TrackUrl = new Uri("http://127.0.0.1:1"),
        AppUrl = new Uri("http://127.0.0.1:1"),
        AppApiKey = "app-key",
        PipelinesWriteKey = "write-key",
        LimitGroups =
        [
            new LimitGroupSettings([LimitClass.Identify, LimitClass.Track], limits),
            new LimitGroupSettings([.. Enum.GetValues<LimitClass>().Where(c => c > LimitClass.Track)], limits),
        ],
        TokenReturn = mode,
        MaxConcurrency = maxConcurrency,
    };

    /// <summary>Settings with one limit, as wide, for each host.</summary>
    public static WorkspaceSettings LimitPerHost(RateLimit limit, int maxConcurrency) => Workspace(limit, maxConcurrency: maxConcurrency) with
    {
        LimitGroups = [.. UpstreamHosts.All.Select(host => new LimitGroupSettings([.. Enum.GetValues<LimitClass>().Where(c => c.ToHost() == host)], [limit]))],
    };
}
