namespace CioOrleans.Sandbox.Calls;

/// <summary>
/// Finds the operation of a request line. It reads the raw target, because a decoded path does not distinguish <c>%2F</c> in an id from a separator. A
/// plus in a path is not decoded to a space.
/// </summary>
internal static class Router
{
    public static TrackRoute Match(string method, string rawTarget) => Path(rawTarget).Split('/') switch
    {
        ["", "api", "v1", "customers", { Length: > 0 } id] => method switch
        {
            "PUT" => new TrackRoute(Endpoint.Identify, Decode(id)),
            "DELETE" => new TrackRoute(Endpoint.DeleteCustomer, Decode(id)),
            _ => new TrackRoute(Endpoint.MethodNotAllowed),
        },
        ["", "api", "v1", "customers", { Length: > 0 } id, "events"] => Only("POST", method, Endpoint.Event, id),
        ["", "api", "v1", "customers", { Length: > 0 } id, "devices"] => Only("PUT", method, Endpoint.AddDevice, id),
        ["", "api", "v1", "customers", { Length: > 0 } id, "devices", { Length: > 0 }] => Only("DELETE", method, Endpoint.DeleteDevice, id),
        ["", "api", "v1", "customers", { Length: > 0 } id, "suppress"] => Only("POST", method, Endpoint.Suppress, id),
        ["", "api", "v1", "customers", { Length: > 0 } id, "unsuppress"] => Only("POST", method, Endpoint.Unsuppress, id),
        ["", "api", "v1", "events"] => Only("POST", method, Endpoint.AnonymousEvent),
        ["", "api", "v1", "forms", { Length: > 0 } id, "submit"] => Only("POST", method, Endpoint.Form, id),
        ["", "api", "v1", "merge_customers"] => Only("POST", method, Endpoint.Merge),
        ["", "api", "v1", "metrics"] => Only("POST", method, Endpoint.Metric),
        ["", "api", "v1", "push", "events"] or ["", "push", "events"] => Only("POST", method, Endpoint.PushMetric),
        ["", "api", "v1", "segments", { Length: > 0 } id, "add_customers"] => Only("POST", method, Endpoint.AddToSegment, id),
        ["", "api", "v1", "segments", { Length: > 0 } id, "remove_customers"] => Only("POST", method, Endpoint.RemoveFromSegment, id),
        ["", "api", "v1", "accounts", "region"] => Only("GET", method, Endpoint.Region),
        ["", "api", "v2", "entity"] => Only("POST", method, Endpoint.Entity),
        ["", "api", "v2", "batch"] => Only("POST", method, Endpoint.Batch),
        ["", "unsubscribe", { Length: > 0 } id] => Only("POST", method, Endpoint.Unsubscribe, id),
        ["", "v1", "send", "email" or "push" or "sms" or "whatsapp" or "in_app" or "inbox_message"] kind => Only("POST", method, Endpoint.Send, kind[3]),
        ["", "v1", "campaigns", { Length: > 0 } id, "triggers"] when method == "POST" => new TrackRoute(Endpoint.BroadcastTrigger, Decode(id)),
        ["", "v1", "newsletters", { Length: > 0 } id, "send" or "schedule"] when method == "POST" => new TrackRoute(Endpoint.Job, Decode(id)),
        ["", "v1", "live_notifications", ..] when method == "POST" => new TrackRoute(Endpoint.Job),
        ["", "v1", "imports"] or ["", "v1", "exports", { Length: > 0 }] when method == "POST" => new TrackRoute(Endpoint.Job),
        ["", "v1", "identify" or "track" or "page" or "screen" or "group" or "alias" or "batch"] call => Only("POST", method, Endpoint.Pipelines, call[2]),
        ["", "v1", "i"] => Only("POST", method, Endpoint.Browser, "identify"),
        ["", "v1", "t"] => Only("POST", method, Endpoint.Browser, "track"),
        ["", "v1", "p"] => Only("POST", method, Endpoint.Browser, "page"),
        ["", "v1", "s"] => Only("POST", method, Endpoint.Browser, "screen"),
        ["", "v1", "g"] => Only("POST", method, Endpoint.Browser, "group"),
        ["", "v1", "a"] => Only("POST", method, Endpoint.Browser, "alias"),
        ["", "v1", "b"] => Only("POST", method, Endpoint.Browser, "batch"),
        ["", "v1", { Length: > 0 }, ..] => new TrackRoute(Endpoint.AppQuery),
        _ => new TrackRoute(Endpoint.Unknown),
    };

    /// <summary>The decoded segments of a path behind <c>/v1/</c>.</summary>
    public static string[] Segments(string rawTarget) => [.. Path(rawTarget).Split('/').Skip(2).Select(Decode)];

    private static TrackRoute Only(string allowed, string method, Endpoint endpoint, string? subject = null) => method == allowed
        ? new TrackRoute(endpoint, subject is null ? null : Decode(subject))
        : new TrackRoute(Endpoint.MethodNotAllowed);

    private static string Decode(string segment) => Uri.UnescapeDataString(segment);

    /// <summary>The target without its query. Scheme and authority are removed if the client sent the absolute form.</summary>
    private static string Path(string rawTarget)
    {
        var query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? rawTarget : rawTarget[..query];
        if (path.StartsWith('/'))
        {
            return path;
        }

        var authority = path.IndexOf("://", StringComparison.Ordinal);
        var start = authority < 0 ? -1 : path.IndexOf('/', authority + 3);
        return start < 0 ? string.Empty : path[start..];
    }
}
