namespace CioOrleans.Limits;

/// <summary>At most <paramref name="Permits"/> requests may arrive within any <paramref name="Window"/>.</summary>
/// <param name="Permits">One or more.</param>
/// <param name="Window">More than zero.</param>
public sealed record RateLimit(int Permits, TimeSpan Window);

/// <summary>When a taken token becomes free again.</summary>
public enum TokenReturn
{
    /// <summary>One window after the response. At any latency no more than N requests can arrive within a window; the rate is N/(W + round trip).</summary>
    AfterResponse,

    /// <summary>One window and a guard after sending. The full rate; jitter may let a few requests too many arrive.</summary>
    AfterSend,
}
