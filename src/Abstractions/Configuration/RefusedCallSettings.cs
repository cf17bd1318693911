namespace CioOrleans.Configuration;

/// <summary>How refused calls of the Pipelines API are kept. The bounds are those of each workspace.</summary>
public sealed record RefusedCallSettings
{
    /// <summary>Whether they are kept (default: true). If false, nothing is stored.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>The maximum number of calls; 1 to 100,000 (default: 10,000). The oldest are deleted first.</summary>
    public int MaxCalls { get; init; } = 10_000;

    /// <summary>The maximum size of the kept bodies, in bytes; at least 1 MB (default: 64 MB). The oldest calls are deleted first.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>How long a call is kept; 1 h to 10 years (default: 7 days).</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(7);
}
