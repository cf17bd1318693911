using CioOrleans.Api.Bodies;
using CioOrleans.Customers;

namespace CioOrleans.Api.Track;

/// <summary>Selects the queue that a call joins.</summary>
internal static class OrderingKey
{
    /// <param name="orderedBy">What selects the queue of the operation's calls.</param>
    /// <param name="pathValue">The decoded identifier of the path; null if it has none.</param>
    /// <param name="facts">What was found in the body.</param>
    /// <param name="spreadBy">Selects the shared queue of a call that has no order.</param>
    public static string Of(OrderedBy orderedBy, string? pathValue, in BodyFacts facts, Ulid spreadBy) => (orderedBy, pathValue, facts.Subject) switch
    {
        (OrderedBy.Person, { } person, _) => CustomerKey.FromPathValue(person),
        (OrderedBy.Form, { } form, _) => CustomerKey.FromForm(form),
        (OrderedBy.Segment, { } segment, _) => CustomerKey.FromSegment(segment),
        (OrderedBy.Delivery, { } delivery, _) => CustomerKey.FromDelivery(delivery),
        (OrderedBy.MergePrimary, _, { } primary) => primary,
        (OrderedBy.AnonymousId, _, { } anonymousId) => CustomerKey.FromAnonymousId(anonymousId),
        (OrderedBy.ReportedDelivery, _, { } delivery) => CustomerKey.FromDelivery(delivery),
        _ => CustomerKey.ForNobody(spreadBy),
    };
}
