namespace CioOrleans.Sandbox.Calls;

/// <summary>The operations of the Track API (v1 and v2), the App API and the Pipelines API.</summary>
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

    /// <summary>A transactional message; the subject says of which kind.</summary>
    Send,
    BroadcastTrigger,

    /// <summary>All else of the App API.</summary>
    AppQuery,

    /// <summary>A Pipelines call; the subject says which.</summary>
    Pipelines,
}
