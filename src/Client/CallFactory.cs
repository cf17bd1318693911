using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Client;

/// <summary>Makes the same calls as the HTTP front-end makes from requests of the official Node SDK, with the same stamps.</summary>
internal sealed class CallFactory(TimeProvider time)
{
    /// <summary>The headers of all calls that the dispatcher makes itself.</summary>
    public static CallHeaders Headers { get; } =
        [new("Content-Type", "application/json"), new("User-Agent", $"CioOrleans/{typeof(CallFactory).Assembly.GetName().Version!.ToString(3)}")];

    public Call Identify(Person person, object? attributes, DateTimeOffset? timestamp)
    {
        var call = Create(CallKind.Identify, LimitClass.Identify, "PUT", TrackTarget.Customer(person));
        return call with { Body = TrackBody.Identify(attributes, timestamp, call.AcceptedAt) };
    }

    public Call Delete(Person person) => Create(CallKind.DeleteCustomer, LimitClass.Identify, "DELETE", TrackTarget.Customer(person));

    public Call Suppress(Person person) =>
        Create(CallKind.Suppress, LimitClass.Identify, "POST", TrackTarget.Suppress(person)) with { Body = TrackBody.Empty() };

    public Call Unsuppress(Person person) =>
        Create(CallKind.Unsuppress, LimitClass.Identify, "POST", TrackTarget.Unsuppress(person)) with { Body = TrackBody.Empty() };

    public Call AddDevice(Person person, string deviceId, string platform, object? attributes, DateTimeOffset? lastUsed) =>
        Create(CallKind.AddDevice, LimitClass.Identify, "PUT", TrackTarget.Devices(person)) with
        {
            Body = TrackBody.Device(deviceId, platform, attributes, lastUsed),
        };

    public Call DeleteDevice(Person person, string deviceId)
    {
        Identifiers.Check(deviceId, CallLimits.MaxBodyBytes);
        return Create(CallKind.DeleteDevice, LimitClass.Identify, "DELETE", TrackTarget.Device(person, deviceId));
    }

    public Call Event(Person person, EventDetails details) => CreateEvent(CallKind.Event, LimitClass.Track, TrackTarget.Events(person), details);

    public Call Page(Person person, EventDetails details) => CreateEvent(CallKind.Page, LimitClass.Page, TrackTarget.Events(person), details);

    public Call Screen(Person person, EventDetails details) => CreateEvent(CallKind.Screen, LimitClass.Page, TrackTarget.Events(person), details);

    public Call AnonymousEvent(string? anonymousId, EventDetails details)
    {
        if (anonymousId is not null)
        {
            Identifiers.Check(anonymousId, CallLimits.MaxPersonBytes);
        }

        return CreateEvent(CallKind.AnonymousEvent, LimitClass.Track, TrackTarget.AnonymousEvents, details, anonymousId);
    }

    public Call Merge(Person primary, Person secondary) =>
        Create(CallKind.Merge, LimitClass.Identify, "POST", TrackTarget.Merge) with
        {
            Body = TrackBody.Merge(primary, secondary),
            OtherCustomer = secondary.Key,
        };

    private Call CreateEvent(CallKind kind, LimitClass limitClass, string target, in EventDetails details, string? anonymousId = null)
    {
        var call = Create(kind, limitClass, "POST", target);
        var stamped = details with { Id = details.Id ?? call.Id, Timestamp = details.Timestamp ?? call.AcceptedAt };
        var notes = details.Id is { } own ? call.Notes with { Keys = [new(CallNote.Key, DuplicateKey.OfEventId(own))] } : call.Notes;
        return call with { Notes = notes, Body = TrackBody.Event(kind, stamped, anonymousId) };
    }

    private Call Create(CallKind kind, LimitClass limitClass, string method, string target)
    {
        var now = time.GetUtcNow();
        return new Call
        {
            Id = Ulid.NewUlid(now),
            Kind = kind,
            LimitClass = limitClass,
            Method = method,
            Target = target,
            Headers = Headers,
            Notes = TraceParents.ToKeep() is { } trace ? new CallNotes { TraceParent = trace } : CallNotes.None,
            Body = [],
            AcceptedAt = now,
        };
    }
}
