namespace CioOrleans.Attempts;

/// <summary>How an attempt failed whose repeat may succeed. The numbers cross the wire: never renumber.</summary>
public enum FailureKind : byte
{
    /// <summary>A 5xx, 408 or 425.</summary>
    ServerError = 0,

    /// <summary>No response within the attempt time-out. Customer.io may have received the request.</summary>
    TimedOut = 1,

    /// <summary>The connection broke after the first byte was written. Customer.io may have received the request.</summary>
    ConnectionLost = 2,

    /// <summary>No connection could be made. The request was certainly not sent.</summary>
    Unreachable = 3,

    /// <summary>The circuit breaker of this silo is open: the request was not sent.</summary>
    BreakerOpen = 4,
}
