namespace CioOrleans.Retry;

/// <summary>
/// Whether normal delivery goes on, or only probes are sent until one of them succeeds. A probe is the head of some customer's
/// queue: a real call, which is owed anyway.
/// </summary>
public sealed class WorkspaceHealth
{
    /// <summary>Between probes in an outage.</summary>
    public static readonly TimeSpan OutageProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>Between probes while the settings are wrong.</summary>
    public static readonly TimeSpan MisconfiguredProbeInterval = TimeSpan.FromMinutes(1);

    private readonly int _mostProbes;
    private TimeSpan _enteredAt;
    private TimeSpan _nextProbeAt;
    private int _probes;

    /// <param name="attemptTimeout">
    /// A probe may hang for this long. A new one starts every interval nevertheless, so that the end of an outage of hanging
    /// requests is seen as soon as that of any other; so many are admitted at once.
    /// </param>
    public WorkspaceHealth(TimeSpan attemptTimeout) => _mostProbes = Math.Max(5, 1 + (int)Math.Ceiling(attemptTimeout / OutageProbeInterval));

    public WorkspaceMode Mode { get; private set; }

    /// <summary>Why only probes are sent, for people; null in normal delivery.</summary>
    public string? Reason { get; private set; }

    /// <summary>How many outages there were.</summary>
    public long Outages { get; private set; }

    public bool IsProbing => Mode != WorkspaceMode.Normal;

    /// <summary>From when on the next customer's call may be sent; zero in normal delivery, null if only the end of a probe can change that.</summary>
    public TimeSpan? NextAt => Mode switch
    {
        WorkspaceMode.Normal => TimeSpan.Zero,
        WorkspaceMode.Outage => _probes < _mostProbes ? _nextProbeAt : null,
        _ => _probes == 0 ? _nextProbeAt : null,
    };

    public void EnterOutage(TimeSpan now, string lastFailure)
    {
        Outages++;
        Mode = WorkspaceMode.Outage;
        _enteredAt = now;
        Reason = $"Customer.io fails for everybody, probing ({lastFailure})";
        _nextProbeAt = now + OutageProbeInterval;
    }

    public void EnterMisconfigured(TimeSpan now, string reason)
    {
        Mode = WorkspaceMode.Misconfigured;
        _enteredAt = now;
        Reason = reason;
        _nextProbeAt = now + MisconfiguredProbeInterval;
    }

    /// <summary>
    /// Whether the success of a request sent at <paramref name="sentAt"/> ends the probing. Any success ends an outage; wrong settings
    /// are proved right only by a request that was sent after they were refused.
    /// </summary>
    public bool IsCuredBy(TimeSpan sentAt) => Mode == WorkspaceMode.Outage || (Mode == WorkspaceMode.Misconfigured && sentAt >= _enteredAt);

    public void Recover()
    {
        Mode = WorkspaceMode.Normal;
        Reason = null;
    }

    public void OnProbeStarted(TimeSpan now)
    {
        _probes++;
        _nextProbeAt = now + (Mode == WorkspaceMode.Outage ? OutageProbeInterval : MisconfiguredProbeInterval);
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
}
