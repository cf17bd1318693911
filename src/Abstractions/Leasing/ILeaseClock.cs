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
