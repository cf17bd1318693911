using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>What one pass over a body found, for routing and stamping.</summary>
internal record struct BodyFacts
{
    /// <summary>The offset after the opening brace, where the members start. 0 if the body is not an object.</summary>
    public int ContentStart { get; set; }

    /// <summary>True if the object has no member.</summary>
    public bool IsEmptyObject { get; set; }

    /// <summary>True if an event has an <c>id</c>, with any value.</summary>
    public bool HasId { get; set; }

    /// <summary>The duplicate key of an event's <c>id</c>; null if the <c>id</c> is missing or cannot identify a repeat.</summary>
    public DuplicateKey? OwnKey { get; set; }

    /// <summary>True if an event has a <c>timestamp</c> or an identify call a <c>_timestamp</c>, with any value.</summary>
    public bool HasTimestamp { get; set; }

    /// <summary>Page or screen, if an event's <c>type</c> is one of these; otherwise null.</summary>
    public CallKind? View { get; set; }

    /// <summary>An anonymous id, a delivery id, or the ordering key of a merge's primary; null if there is none.</summary>
    public string? Subject { get; set; }

    /// <summary>The ordering key of a merge's secondary.</summary>
    public string? OtherSubject { get; set; }

    /// <summary>True if the required member is present: the event's name, the device, the ids, the form's data.</summary>
    public bool HasRequired { get; set; }

    /// <summary>True if the event's name is longer than the limit.</summary>
    public bool IsNameTooLong { get; set; }
}
