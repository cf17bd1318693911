using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Retry;

/// <summary>
/// Whether one of Customer.io's hosts gets normal delivery, or only probes until one of them succeeds. A probe is the head of a customer's queue: a real call,
/// which has to be sent anyway.
/// </summary>
public sealed class HostHealth
{
    /// <summary>The time between two probes in an outage.</summary>
    public static readonly TimeSpan OutageProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>The time between two probes while the settings are wrong.</summary>
    public static readonly TimeSpan MisconfiguredProbeInterval = TimeSpan.FromMinutes(1);

    private TimeSpan _refusedAt;
    private TimeSpan _nextProbeAt;
    private int _probes;

    /// <param name="attemptTimeout">
    /// The longest time that a probe may hang. A new probe starts every interval nevertheless, so that the end of an outage is found as soon when requests hang
    /// as when they fail. <see cref="MostProbes"/> follows from it.
    /// </param>
    public HostHealth(TimeSpan attemptTimeout) => MostProbes = Math.Max(5, 1 + (int)Math.Ceiling(attemptTimeout / OutageProbeInterval));

    /// <summary>The maximum number of probes in flight.</summary>
    public int MostProbes { get; }

    public HostState State { get; private set; }

    /// <summary>When the state began, by the caller's monotonic clock.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>Why only probes are sent, for operators; null in normal delivery.</summary>
    public string? Reason { get; private set; }

    /// <summary>The number of outages since the start.</summary>
    public long Outages { get; private set; }

    public bool IsProbing => State != HostState.Normal;

    /// <summary>When the next customer's call may be sent; zero in normal delivery, null if that depends on the end of a probe.</summary>
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
    /// Whether the success of a request sent at <paramref name="sentAt"/> ends the probing. Any success ends an outage. Only a request that was sent after the
    /// settings were refused shows that they are right.
    /// </summary>
    public bool IsCuredBy(TimeSpan sentAt) => State == HostState.Outage || (State == HostState.Misconfigured && sentAt >= _refusedAt);

    /// <summary>Returns to normal delivery. No effect in that state.</summary>
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

    /// <summary>A probe has ended. After a probe that was returned unused another one may start at once, because nothing was learned.</summary>
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
