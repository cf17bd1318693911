namespace CioOrleans.Configuration;

/// <summary>
/// When calls are refused with 429 and a <c>Retry-After</c> instead of stored. Imports are refused before live calls, transactional ones last.
/// </summary>
public sealed record BackPressureSettings
{
    /// <summary>The maximum number of waiting calls; 0 to 2,000,000,000, 0 for no limit (default: 0).</summary>
    public int MaxQueued { get; init; }

    /// <summary>The maximum age of the oldest waiting call; 0 to 720 h, 0 for no limit (default: 0).</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>The bytes that must stay free on the disk of the SQLite file; 0 for no limit (default: 0). PostgreSQL's disk is not measured.</summary>
    public long MinFreeDisk { get; init; }

    /// <summary>Whether any limit is set.</summary>
    public bool IsOn => MaxQueued > 0 || MaxAge > TimeSpan.Zero || MinFreeDisk > 0;
}
