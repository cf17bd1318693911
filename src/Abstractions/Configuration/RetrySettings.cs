namespace CioOrleans.Configuration;

/// <summary>The back-off between attempts of one call.</summary>
public sealed record RetrySettings
{
    /// <summary>The number of attempts after the first before a call becomes a dead letter; 0 to 1,000 (default: 5).</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>The delay before the first retry; it doubles with each (default: 1 s).</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay, without jitter (default: 32 s).</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>The share by which each delay is spread evenly to either side; 0 to 1 (default: 0.1).</summary>
    public double Jitter { get; init; } = 0.1;
}
