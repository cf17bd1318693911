namespace CioOrleans.Silo.Members;

/// <summary>When this silo last reached its database. Safe for use from all threads.</summary>
internal sealed class DatabaseContact(TimeProvider time)
{
    private const long NotYet = -1;

    private long _reachedAt = NotYet;
    private long _aheadTicks;

    /// <summary>The time since the database was last reached. Zero until the first check, because a starting silo has just opened the database.</summary>
    public TimeSpan SilentFor => Interlocked.Read(ref _reachedAt) is var reachedAt && reachedAt == NotYet ? TimeSpan.Zero : time.GetElapsedTime(reachedAt);

    /// <summary>How far this machine's clock is ahead of the database's; negative if it is behind.</summary>
    public TimeSpan ClockAhead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Records an answer of the database.</summary>
    public void OnReached(TimeSpan? clockAhead = null)
    {
        Interlocked.Exchange(ref _reachedAt, time.GetTimestamp());
        if (clockAhead is { } ahead)
        {
            Interlocked.Exchange(ref _aheadTicks, ahead.Ticks);
        }
    }
}
