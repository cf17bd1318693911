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

    /// <summary>A transactional message. The subject is its kind.</summary>
    Send,
    BroadcastTrigger,

    /// <summary>Every other request of the App API.</summary>
    AppQuery,

    /// <summary>A Pipelines call. The subject is its name.</summary>
    Pipelines,
}
