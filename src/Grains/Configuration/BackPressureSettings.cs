namespace CioOrleans.Configuration;

/// <summary>When calls are turned away instead of stored: with 429, and told when to come back. Imports are turned away before live calls, transactional ones last.</summary>
public sealed record BackPressureSettings
{
    /// <summary>Waiting calls; 0 to 2,000,000,000, 0 for any number (default: 0).</summary>
    public int MaxQueued { get; init; }

    /// <summary>How long the oldest of them may have waited; 0 to 720 h, 0 for any time (default: 0).</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Bytes that stay free on the disk of the SQLite file; 0 for none (default: 0). PostgreSQL's disk is not looked at.</summary>
    public long MinFreeDisk { get; init; }

    /// <summary>Whether there is anything to watch.</summary>
    public bool IsOn => MaxQueued > 0 || MaxAge > TimeSpan.Zero || MinFreeDisk > 0;
}
