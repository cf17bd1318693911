using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>
/// What one pass over an operation found. Members come in any order, so the operation is validated afterwards, by <see cref="OperationRules"/>.
/// </summary>
internal struct OperationFacts
{
    /// <summary>The offset in the body at which the operation starts.</summary>
    public int Start;

    /// <summary>The offset after its last byte.</summary>
    public int End;

    /// <summary>The offset after the opening brace, where its members start.</summary>
    public int ContentStart;

    /// <summary>The error that was found while it was read. Then the rest of the operation was not examined.</summary>
    public OperationError? Error;

    public EntityType Type;

    public OperationAction Action;

    public NamedEntity Identifiers;

    public NamedEntity Primary;

    public NamedEntity Secondary;

    /// <summary>True if <c>name</c> is a string that is not blank.</summary>
    public bool HasName;

    /// <summary>True if the name is longer than an event's name may be.</summary>
    public bool IsNameTooLong;

    /// <summary>True if the name is a metric of a delivery: opened, converted or delivered.</summary>
    public bool IsMetricName;

    /// <summary>True if there is a top-level <c>id</c>, with any value.</summary>
    public bool HasId;

    /// <summary>The duplicate key of the top-level <c>id</c>; null if the <c>id</c> is missing or cannot identify a repeat.</summary>
    public DuplicateKey? OwnKey;

    /// <summary>True if there is a top-level <c>timestamp</c>, with any value.</summary>
    public bool HasTimestamp;

    /// <summary>True if <c>attributes</c> is an object.</summary>
    public bool HasAttributes;

    /// <summary>True if the attributes hold a <c>device_token</c>.</summary>
    public bool HasDeviceTokenAttribute;

    /// <summary>True if <c>cio_relationships</c> is an array.</summary>
    public bool HasRelationships;

    /// <summary>True if <c>device</c> is an object.</summary>
    public bool HasDevice;

    public bool HasDeviceToken;

    public bool HasDevicePlatform;

    public readonly int Length => End - Start;

    /// <summary>True for an event, a page view or a screen view of a person. Only these have an id and a timestamp of their own.</summary>
    public readonly bool IsEvent => Type == EntityType.Person && Action is OperationAction.Event or OperationAction.Page or OperationAction.Screen;
}
