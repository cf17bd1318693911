namespace CioOrleans.Configuration;

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
