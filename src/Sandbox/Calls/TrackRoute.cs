namespace CioOrleans.Sandbox.Calls;

/// <summary>The operation of a request, with its subject.</summary>
/// <param name="Endpoint">The operation.</param>
/// <param name="Subject">The decoded path value that names what the request is about; null if the path names nothing.</param>
internal readonly record struct TrackRoute(Endpoint Endpoint, string? Subject = null)
{
    /// <summary>
    /// The endpoint class according to the path. A page or screen view counts as an event here, because only its body shows that it is a view.
    /// </summary>
    public EndpointClass Class => Endpoint switch
    {
        Endpoint.Event or Endpoint.AnonymousEvent or Endpoint.Form or Endpoint.Metric or Endpoint.PushMetric or Endpoint.Unsubscribe => EndpointClass.Track,
        Endpoint.Entity or Endpoint.Batch => EndpointClass.Batch,
        Endpoint.AppQuery or Endpoint.Job => EndpointClass.Query,
        Endpoint.Send => Subject == "email" ? EndpointClass.TransactionalEmail : EndpointClass.TransactionalPush,
        Endpoint.BroadcastTrigger => EndpointClass.Broadcast,
        Endpoint.Pipelines or Endpoint.Browser => EndpointClass.Pipelines,
        Endpoint.Unknown or Endpoint.MethodNotAllowed => EndpointClass.Other,
        _ => EndpointClass.Identify,
    };

    public bool IsEvent => Endpoint is Endpoint.Event or Endpoint.AnonymousEvent;

    public bool IsV2 => Endpoint is Endpoint.Entity or Endpoint.Batch;

    public bool IsApp => Endpoint is Endpoint.Send or Endpoint.BroadcastTrigger or Endpoint.Job or Endpoint.AppQuery;

    public bool IsBrowser => Endpoint == Endpoint.Browser;

    public bool IsQuery => Endpoint == Endpoint.AppQuery;

    public bool IsPipelines => Endpoint is Endpoint.Pipelines or Endpoint.Browser;

    /// <summary>Whether the operation needs credentials. Metrics and unsubscribe need none, according to Customer.io's OpenAPI document. A browser's are in its body.</summary>
    public bool NeedsCredentials =>
        Endpoint is not (Endpoint.Browser or Endpoint.Metric or Endpoint.PushMetric or Endpoint.Unsubscribe or Endpoint.Unknown or Endpoint.MethodNotAllowed);

    /// <summary>The ordering key of the call; null if it has no order.</summary>
    public string? OrderingKey => Endpoint switch
    {
        Endpoint.Form => "form:" + Subject,
        Endpoint.AddToSegment or Endpoint.RemoveFromSegment => "segment:" + Subject,
        Endpoint.Unsubscribe => "delivery:" + Subject,
        _ => Subject,
    };
}
