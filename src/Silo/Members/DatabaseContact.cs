namespace CioOrleans.Silo.Members;

/// <summary>When this silo reached its database last. Safe for use from all threads.</summary>
internal sealed class DatabaseContact(TimeProvider time)
{
    private const long NotYet = -1;

    private long _reachedAt = NotYet;
    private long _aheadTicks;

    /// <summary>How long the database has not been reached. Zero until it is looked at for the first time: a silo that starts has just opened it.</summary>
    public TimeSpan SilentFor => Interlocked.Read(ref _reachedAt) is var reachedAt && reachedAt == NotYet ? TimeSpan.Zero : time.GetElapsedTime(reachedAt);

    /// <summary>How far this machine's clock is ahead of the database's; negative where it is behind.</summary>
    public TimeSpan ClockAhead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>The database has answered.</summary>
    public void OnReached(TimeSpan? clockAhead = null)
    {
        Interlocked.Exchange(ref _reachedAt, time.GetTimestamp());
        if (clockAhead is { } ahead)
        {
            Interlocked.Exchange(ref _aheadTicks, ahead.Ticks);
        }
    }
}
