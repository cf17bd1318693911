using Orleans.Concurrency;

namespace CioOrleans.Leasing;

/// <summary>
/// The lease clock, as far as this process knows it. It is the clock of the database that all silos share; with SQLite it is the process's monotonic clock.
/// Safe for use from all threads.
/// </summary>
public interface ILeaseClock
{
    /// <summary>The bounds of the clock now. Sends nothing.</summary>
    ClockBounds Bounds { get; }

    /// <summary>
    /// The bounds of the clock. Asks another process first if the last answer is too old. Returns <see cref="ClockBounds.Unknown"/> if no process has ever
    /// answered. Never throws; takes a few seconds at most.
    /// </summary>
    ValueTask<ClockBounds> ReadAsync();
}

/// <summary>Returns the lease clock to processes without a database. Any silo answers; the key of the grain has no meaning.</summary>
[Alias("cio.ILeaseClockGrain")]
public interface ILeaseClockGrain : IGrainWithIntegerKey
{
    /// <summary>The silo's bounds at a moment between the sending of the call and the arrival of its answer.</summary>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ClockBounds> Read();
}

/// <summary>Bounds of the lease clock at one moment, as far as a process knows them.</summary>
/// <param name="Earliest">The clock shows this or more.</param>
/// <param name="Latest">The clock shows this or less.</param>
[GenerateSerializer, Immutable, Alias("cio.ClockBounds")]
public readonly record struct ClockBounds([property: Id(0)] TimeSpan Earliest, [property: Id(1)] TimeSpan Latest)
{
    /// <summary>No bounds are known: every deadline may have passed, and none has passed for certain.</summary>
    public static ClockBounds Unknown { get; } = new(TimeSpan.MinValue / 4, TimeSpan.MaxValue / 4);

    /// <summary>The bounds of a clock that this process reads itself.</summary>
    public static ClockBounds Exactly(TimeSpan now) => new(now, now);

    /// <summary>Whether both bounds come from a reading of the clock.</summary>
    public bool IsKnown => Latest < Unknown.Latest;

    /// <summary>How far apart the bounds are.</summary>
    public TimeSpan Width => Latest - Earliest;
}
