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

    /// <summary>A request of the App API that takes effect each time: it sends a newsletter or a live notification, or starts an import or an export.</summary>
    Job,

    /// <summary>Every other request of the App API.</summary>
    AppQuery,

    /// <summary>A Pipelines call. The subject is its name.</summary>
    Pipelines,

    /// <summary>A Pipelines call of the browser SDK, whose body has the write key. The subject is its name.</summary>
    Browser,
}
