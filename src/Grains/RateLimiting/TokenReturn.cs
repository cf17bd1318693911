namespace CioOrleans.RateLimiting;

/// <summary>When a token that was taken becomes free again.</summary>
public enum TokenReturn
{
    /// <summary>One window after the response. No N+1 requests can arrive within a window, for any latency; the rate is N/(W + round trip).</summary>
    AfterResponse,

    /// <summary>One window and a guard after sending. The full rate; jitter may add a few arrivals.</summary>
    AfterSend,
}
