using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Track;

/// <summary>The published paths of the Track API, version 1.</summary>
internal static class TrackPaths
{
    private const string Put = "PUT";
    private const string Post = "POST";
    private const string Delete = "DELETE";

    private static readonly TrackPath _customer = new(
        new(Put, CallKind.Identify, LimitClass.Identify, OrderedBy.Person, BodyRule.Identify),
        new(Delete, CallKind.DeleteCustomer, LimitClass.Identify, OrderedBy.Person, BodyRule.Nothing));

    private static readonly TrackPath _devices = new(new TrackOperation(Put, CallKind.AddDevice, LimitClass.Identify, OrderedBy.Person, BodyRule.Device));
    private static readonly TrackPath _device = new(new TrackOperation(Delete, CallKind.DeleteDevice, LimitClass.Identify, OrderedBy.Person, BodyRule.Nothing));
    private static readonly TrackPath _suppress = new(new TrackOperation(Post, CallKind.Suppress, LimitClass.Identify, OrderedBy.Person, BodyRule.Nothing));
    private static readonly TrackPath _unsuppress = new(new TrackOperation(Post, CallKind.Unsuppress, LimitClass.Identify, OrderedBy.Person, BodyRule.Nothing));
    private static readonly TrackPath _customerEvents = new(new TrackOperation(Post, CallKind.Event, LimitClass.Track, OrderedBy.Person, BodyRule.Event));

    private static readonly TrackPath _events = new(
        new TrackOperation(Post, CallKind.AnonymousEvent, LimitClass.Track, OrderedBy.AnonymousId, BodyRule.AnonymousEvent));

    private static readonly TrackPath _merge = new(
        new TrackOperation(Post, CallKind.Merge, LimitClass.Identify, OrderedBy.MergePrimary, BodyRule.Merge) { ErrorShape = ErrorShape.Single });

    private static readonly TrackPath _form = new(
        new TrackOperation(Post, CallKind.Form, LimitClass.Track, OrderedBy.Form, BodyRule.Form) { AnswersNoContent = true });

    private static readonly TrackPath _addToSegment = new(
        new TrackOperation(Post, CallKind.AddToSegment, LimitClass.Identify, OrderedBy.Segment, BodyRule.Segment));

    private static readonly TrackPath _removeFromSegment = new(
        new TrackOperation(Post, CallKind.RemoveFromSegment, LimitClass.Identify, OrderedBy.Segment, BodyRule.Segment));

    private static readonly TrackPath _metrics = new(
        new TrackOperation(Post, CallKind.Metric, LimitClass.Track, OrderedBy.ReportedDelivery, BodyRule.Metric) { OpenedBy = AnonymousPaths.Metrics });

    private static readonly TrackPath _pushEvents = new(
        new TrackOperation(Post, CallKind.PushMetric, LimitClass.Track, OrderedBy.ReportedDelivery, BodyRule.Metric) { OpenedBy = AnonymousPaths.PushEvents });

    private static readonly TrackPath _unsubscribe = new(
        new TrackOperation(Post, CallKind.Unsubscribe, LimitClass.Track, OrderedBy.Delivery, BodyRule.OptionalObject) { OpenedBy = AnonymousPaths.Unsubscribe });

    private static readonly TrackPath _region = new(
        new TrackOperation("GET", default, LimitClass.Identify, default, BodyRule.Nothing) { IsForwarded = true });

    /// <summary>Finds the path of the Track API that a raw path names.</summary>
    public static TrackMatch Find(ReadOnlySpan<char> path)
    {
        if (TryTake(ref path, "/api/v1/"))
        {
            return path switch
            {
                "events" => new(_events),
                "merge_customers" => new(_merge),
                "metrics" => new(_metrics),
                "push/events" => new(_pushEvents),
                "accounts/region" => new(_region),
                _ when TryTake(ref path, "customers/") => FindUnderCustomer(path),
                _ when TryTake(ref path, "forms/") => FindUnderForm(path),
                _ when TryTake(ref path, "segments/") => FindUnderSegment(path),
                _ => default,
            };
        }

        if (TryTake(ref path, "/unsubscribe/"))
        {
            return path.Contains('/') ? default : new(_unsubscribe, path);
        }

        return path is "/push/events" ? new(_pushEvents) : default;
    }

    private static TrackMatch FindUnderCustomer(ReadOnlySpan<char> path)
    {
        var isWhole = !TakeSegment(ref path, out var person);
        return path switch
        {
            _ when isWhole => new(_customer, person),
            "events" => new(_customerEvents, person),
            "devices" => new(_devices, person),
            "suppress" => new(_suppress, person),
            "unsuppress" => new(_unsuppress, person),
            _ when TryTake(ref path, "devices/") && !path.Contains('/') => new(_device, person, path),
            _ => default,
        };
    }

    private static TrackMatch FindUnderForm(ReadOnlySpan<char> path)
    {
        TakeSegment(ref path, out var form);
        return path is "submit" ? new(_form, form) : default;
    }

    private static TrackMatch FindUnderSegment(ReadOnlySpan<char> path)
    {
        TakeSegment(ref path, out var segment);
        return path switch
        {
            "add_customers" => new(_addToSegment, segment),
            "remove_customers" => new(_removeFromSegment, segment),
            _ => default,
        };
    }

    private static bool TryTake(scoped ref ReadOnlySpan<char> path, string start)
    {
        if (!path.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        path = path[start.Length..];
        return true;
    }

    /// <summary>Splits the first segment off a path. False if it is the last one.</summary>
    private static bool TakeSegment(scoped ref ReadOnlySpan<char> path, out ReadOnlySpan<char> segment)
    {
        var slash = path.IndexOf('/');
        if (slash < 0)
        {
            segment = path;
            path = default;
            return false;
        }

        segment = path[..slash];
        path = path[(slash + 1)..];
        return true;
    }
}
