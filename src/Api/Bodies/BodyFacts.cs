using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>What one pass over a body found out that routing and stamping need.</summary>
internal record struct BodyFacts
{
    /// <summary>Where the members start: just behind the opening brace. 0 where the body is no object.</summary>
    public int ContentStart { get; set; }

    /// <summary>The object has no member.</summary>
    public bool IsEmptyObject { get; set; }

    /// <summary>An event has an <c>id</c>, whatever its value.</summary>
    public bool HasId { get; set; }

    /// <summary>An event's <c>id</c>, where it is one that can tell a repeat; otherwise null.</summary>
    public DuplicateKey? OwnKey { get; set; }

    /// <summary>An event has a <c>timestamp</c>, an identify call a <c>_timestamp</c>, whatever its value.</summary>
    public bool HasTimestamp { get; set; }

    /// <summary>Page or screen, where an event's <c>type</c> says so; otherwise null.</summary>
    public CallKind? View { get; set; }

    /// <summary>An anonymous id, a delivery id, or the ordering key of a merge's primary; null where there is none.</summary>
    public string? Subject { get; set; }

    /// <summary>The ordering key of a merge's secondary.</summary>
    public string? OtherSubject { get; set; }

    /// <summary>A required member was there: the event's name, the device, the ids, the form's data.</summary>
    public bool HasRequired { get; set; }

    /// <summary>The event's name is longer than an event's name may be.</summary>
    public bool IsNameTooLong { get; set; }
}
