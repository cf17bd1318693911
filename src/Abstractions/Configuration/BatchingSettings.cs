namespace CioOrleans.Configuration;

/// <summary>How the heads of many customers' queues are sent in one request. A limit counts requests, not the operations in them.</summary>
public sealed record BatchingSettings
{
    /// <summary>Which calls are sent together (default: <see cref="BatchingMode.V2Only"/>).</summary>
    public BatchingMode Mode { get; init; } = BatchingMode.V2Only;

    /// <summary>
    /// The maximum number of operations in one request; 1 to 1,000 (default: 1,000). Customer.io publishes no maximum; integrations send a thousand.
    /// </summary>
    public int MaxItems { get; init; } = 1_000;

    /// <summary>The maximum size of one request's body, in bytes; 32 KB to 500 KB, which is Customer.io's own maximum (default: 500,000).</summary>
    public int MaxBytes { get; init; } = 500_000;

    /// <summary>How long a call waits for others to share its batch; 0 to 1 s (default: 5 ms).</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);
}

/// <summary>Which calls are sent together, in one request of <c>/api/v2/batch</c>.</summary>
public enum BatchingMode
{
    /// <summary>None. Calls that came in through Track v2 are sent one by one, through <c>/api/v2/entity</c>.</summary>
    Off,

    /// <summary>Calls that came in through Track v2.</summary>
    V2Only,

    /// <summary>Calls that came in through Track v2, and those of Track v1 that can be translated to v2 without a loss.</summary>
    All,
}
