namespace CioOrleans.Delivery;

/// <summary>How an attempt failed that may succeed when repeated. The numbers cross the wire: never renumber.</summary>
public enum FailureKind : byte
{
    /// <summary>A 5xx, 408 or 425.</summary>
    ServerError = 0,

    /// <summary>No response within the attempt time-out; the request may have arrived.</summary>
    TimedOut = 1,

    /// <summary>The connection broke once the request was under way; it may have arrived.</summary>
    ConnectionLost = 2,

    /// <summary>No connection: the request was certainly not sent.</summary>
    Unreachable = 3,

    /// <summary>The circuit breaker of this silo is open: the request was not sent.</summary>
    BreakerOpen = 4,
}
