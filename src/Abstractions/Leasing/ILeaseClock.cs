namespace CioOrleans.Leasing;

/// <summary>
/// The lease clock, as far as this process knows it. It is the clock of the database that all silos share, or, where one process holds everything,
/// that process's monotonic clock. Safe for use from all threads.
/// </summary>
public interface ILeaseClock
{
    /// <summary>The bounds of the clock at this moment. Asks nobody.</summary>
    ClockBounds Bounds { get; }

    /// <summary>
    /// The bounds of the clock, after a question to another process where the last answer is too old. <see cref="ClockBounds.Unknown"/> where nobody
    /// has ever answered. Never throws; takes a few seconds at most.
    /// </summary>
    ValueTask<ClockBounds> ReadAsync();
}
