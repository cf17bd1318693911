namespace CioOrleans.Calls;

/// <summary>What a call does. The numbers are stored and cross the wire: never renumber.</summary>
public enum CallKind : byte
{
    Identify = 0,
    DeleteCustomer = 1,
    AddDevice = 2,
    DeleteDevice = 3,
    Suppress = 4,
    Unsuppress = 5,

    /// <summary>A merge of two people. It is in the primary's queue; a <see cref="MergeBarrier"/> holds its place in the secondary's queue.</summary>
    Merge = 6,
    Event = 7,
    Page = 8,
    Screen = 9,
    AnonymousEvent = 10,
    Form = 11,
    Metric = 12,
    PushMetric = 13,
    Unsubscribe = 14,
    AddToSegment = 15,
    RemoveFromSegment = 16,

    /// <summary>Never sent. Holds the secondary's queue until the merge with the same <see cref="Call.Id"/> has been delivered.</summary>
    MergeBarrier = 17,

    /// <summary>Relations of a person or an object to others (Track v2).</summary>
    AddRelationships = 18,
    DeleteRelationships = 19,

    /// <summary>An object that is not a person (Track v2).</summary>
    IdentifyObject = 20,
    DeleteObject = 21,

    /// <summary>A transactional message (App API). Not repeated after an unknown outcome, because a repeat could be a second message.</summary>
    Send = 22,

    /// <summary>A person's group, and another name of a person (Pipelines API).</summary>
    Group = 23,
    Alias = 24,
}
