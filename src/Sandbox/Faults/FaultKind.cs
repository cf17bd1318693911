namespace CioOrleans.Sandbox.Faults;

/// <summary>The fault of one request.</summary>
internal enum FaultKind
{
    None,
    ServerError,
    ServerErrorAfterProcessing,
    Unavailable,
    Throttled,
    TimeOut,
    TimeOutAfterProcessing,
    Reset,
    ResetAfterProcessing,
    Close,
}
