namespace CioOrleans.Configuration;

/// <summary>Which calls leave together, in one request of <c>/api/v2/batch</c>.</summary>
public enum BatchingMode
{
    /// <summary>None: what came in through Track v2 leaves one by one, through <c>/api/v2/entity</c>.</summary>
    Off,

    /// <summary>What came in through Track v2.</summary>
    V2Only,

    /// <summary>That, and what came in through Track v1 and can be said in v2 without a loss.</summary>
    All,
}
