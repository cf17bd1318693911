using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>What one pass over an operation found. Members come in any order, so it is judged afterwards, by <see cref="OperationRules"/>.</summary>
internal struct OperationFacts
{
    /// <summary>Where the operation starts in the body.</summary>
    public int Start;

    /// <summary>Behind its last byte.</summary>
    public int End;

    /// <summary>Where its members start: just behind the opening brace.</summary>
    public int ContentStart;

    /// <summary>What was found to be wrong while it was read; the rest of it was not looked at then.</summary>
    public OperationError? Error;

    public EntityType Type;

    public OperationAction Action;

    public NamedEntity Identifiers;

    public NamedEntity Primary;

    public NamedEntity Secondary;

    /// <summary>A <c>name</c> that is a string and not blank.</summary>
    public bool HasName;

    /// <summary>The name is longer than an event's name may be.</summary>
    public bool IsNameTooLong;

    /// <summary>Of a delivery: the name is one of the metrics that can be reported.</summary>
    public bool IsMetricName;

    /// <summary>There is a top-level <c>id</c>, whatever its value.</summary>
    public bool HasId;

    /// <summary>The top-level <c>id</c>, where it is one that can tell a repeat of an event; otherwise null.</summary>
    public DuplicateKey? OwnKey;

    /// <summary>There is a top-level <c>timestamp</c>, whatever its value.</summary>
    public bool HasTimestamp;

    /// <summary>There are <c>attributes</c>, and they are an object.</summary>
    public bool HasAttributes;

    /// <summary>The attributes name a device's token.</summary>
    public bool HasDeviceTokenAttribute;

    /// <summary>There are <c>cio_relationships</c>, and they are an array.</summary>
    public bool HasRelationships;

    /// <summary>There is a <c>device</c>.</summary>
    public bool HasDevice;

    public bool HasDeviceToken;

    public bool HasDevicePlatform;

    public readonly int Length => End - Start;

    /// <summary>An event, a page or a screen view of a person: what has an id and a timestamp of its own.</summary>
    public readonly bool IsEvent => Type == EntityType.Person && Action is OperationAction.Event or OperationAction.Page or OperationAction.Screen;
}
