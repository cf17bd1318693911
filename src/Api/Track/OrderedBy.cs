namespace CioOrleans.Api.Track;

/// <summary>What selects the queue of a call.</summary>
internal enum OrderedBy
{
    /// <summary>The person in the path.</summary>
    Person,

    /// <summary>The body's anonymous id. Calls without one have no order.</summary>
    AnonymousId,

    /// <summary>The primary of a merge.</summary>
    MergePrimary,

    /// <summary>The form in the path.</summary>
    Form,

    /// <summary>The segment in the path.</summary>
    Segment,

    /// <summary>The delivery in the path.</summary>
    Delivery,

    /// <summary>The body's delivery id. Calls without one have no order.</summary>
    ReportedDelivery,
}
