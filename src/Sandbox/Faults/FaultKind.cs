namespace CioOrleans.Sandbox.Faults;

/// <summary>What goes wrong with one request.</summary>
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
