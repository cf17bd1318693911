namespace CioOrleans.Postgres.Leasing;

/// <summary>
/// Lets look-ups fail at once while the database is away, where each would wait for a time-out: after a failure one look-up tries in each
/// <see cref="Rest"/>, and all others are refused. Safe for use from all threads.
/// </summary>
/// <param name="time">The monotonic clock.</param>
internal sealed class LookupGate(TimeProvider time)
{
    /// <summary>The time after a failure in which no look-up tries: 1 s.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>The look-up that tries has this long before another one may: 5 s. Its own time-outs are shorter.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(5);

    private const long Open = 0;

    private readonly long _origin = time.GetTimestamp();

    // In ticks since the origin, one added: before it look-ups are refused.
    private long _closedUntil = Open;

    /// <summary>Whether a look-up may ask the database. One that may must report how it ended.</summary>
    public bool MayTry()
    {
        var until = Interlocked.Read(ref _closedUntil);
        return until == Open || (Now >= until && Interlocked.CompareExchange(ref _closedUntil, Now + LongestTry.Ticks, until) == until);
    }

    /// <summary>The database answered.</summary>
    public void OnReached() => Interlocked.Exchange(ref _closedUntil, Open);

    /// <summary>The database could not be reached.</summary>
    public void OnFailed() => Interlocked.Exchange(ref _closedUntil, Now + Rest.Ticks);

    private long Now => time.GetElapsedTime(_origin).Ticks + 1;
}
