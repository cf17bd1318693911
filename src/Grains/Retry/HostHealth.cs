using CioOrleans.Workspaces;

namespace CioOrleans.Retry;

/// <summary>
/// Whether normal delivery to one of Customer.io's hosts goes on, or only probes are sent until one of them succeeds. A probe is the
/// head of some customer's queue: a real call, which is owed anyway.
/// </summary>
public sealed class HostHealth
{
    /// <summary>Between probes in an outage.</summary>
    public static readonly TimeSpan OutageProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>Between probes while the settings are wrong.</summary>
    public static readonly TimeSpan MisconfiguredProbeInterval = TimeSpan.FromMinutes(1);

    private TimeSpan _refusedAt;
    private TimeSpan _nextProbeAt;
    private int _probes;

    /// <param name="attemptTimeout">
    /// A probe may hang for this long. A new one starts every interval nevertheless, so that the end of an outage of hanging
    /// requests is seen as soon as that of any other; so many are admitted at once.
    /// </param>
    public HostHealth(TimeSpan attemptTimeout) => MostProbes = Math.Max(5, 1 + (int)Math.Ceiling(attemptTimeout / OutageProbeInterval));

    /// <summary>How many probes may be on their way at once.</summary>
    public int MostProbes { get; }

    public HostState State { get; private set; }

    /// <summary>When the state began, by the caller's monotonic clock.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>Why only probes are sent, for people; null in normal delivery.</summary>
    public string? Reason { get; private set; }

    /// <summary>How many outages there were.</summary>
    public long Outages { get; private set; }

    public bool IsProbing => State != HostState.Normal;

    /// <summary>From when on the next customer's call may be sent; zero in normal delivery, null if only the end of a probe can change that.</summary>
    public TimeSpan? NextAt => State switch
    {
        HostState.Normal => TimeSpan.Zero,
        HostState.Outage => _probes < MostProbes ? _nextProbeAt : null,
        _ => _probes == 0 ? _nextProbeAt : null,
    };

    public void EnterOutage(TimeSpan now, string lastFailure)
    {
        Outages++;
        Enter(HostState.Outage, now);
        Reason = $"Customer.io fails for everybody, probing ({lastFailure})";
        _nextProbeAt = now + OutageProbeInterval;
    }

    public void EnterMisconfigured(TimeSpan now, string reason)
    {
        Enter(HostState.Misconfigured, now);
        _refusedAt = now;
        Reason = reason;
        _nextProbeAt = now + MisconfiguredProbeInterval;
    }

    /// <summary>
    /// Whether the success of a request sent at <paramref name="sentAt"/> ends the probing. Any success ends an outage; wrong settings
    /// are proved right only by a request that was sent after they were refused.
    /// </summary>
    public bool IsCuredBy(TimeSpan sentAt) => State == HostState.Outage || (State == HostState.Misconfigured && sentAt >= _refusedAt);

    /// <summary>Goes back to normal delivery; no effect where that is the state already.</summary>
    public void Recover(TimeSpan now)
    {
        Enter(HostState.Normal, now);
        Reason = null;
    }

    public void OnProbeStarted(TimeSpan now)
    {
        _probes++;
        _nextProbeAt = now + (State == HostState.Outage ? OutageProbeInterval : MisconfiguredProbeInterval);
    }

    /// <summary>A probe has ended. One that was given back unused has shown nothing, and another may go at once.</summary>
    public void OnProbeEnded(TimeSpan now, bool unused)
    {
        _probes--;
        if (unused)
        {
            _nextProbeAt = now;
        }
    }

    private void Enter(HostState state, TimeSpan now)
    {
        if (State != state)
        {
            State = state;
            Since = now;
        }
    }
}
