namespace CioOrleans.Sandbox.Calls;

/// <summary>The operations of the Track API, v1 and v2.</summary>
internal enum Endpoint
{
    Unknown,
    MethodNotAllowed,
    Region,
    Identify,
    DeleteCustomer,
    AddDevice,
    DeleteDevice,
    Suppress,
    Unsuppress,
    Unsubscribe,
    Event,
    AnonymousEvent,
    Form,
    Merge,
    Metric,
    PushMetric,
    AddToSegment,
    RemoveFromSegment,
    Entity,
    Batch,
}
