namespace CioOrleans.Api.Track;

/// <summary>What gives a call its place in an order.</summary>
internal enum OrderedBy
{
    /// <summary>The person in the path.</summary>
    Person,

    /// <summary>The body's anonymous id; without one no order is owed.</summary>
    AnonymousId,

    /// <summary>The primary of a merge.</summary>
    MergePrimary,

    /// <summary>The form in the path.</summary>
    Form,

    /// <summary>The segment in the path.</summary>
    Segment,

    /// <summary>The delivery in the path.</summary>
    Delivery,

    /// <summary>The body's delivery id; without one no order is owed.</summary>
    ReportedDelivery,
}
