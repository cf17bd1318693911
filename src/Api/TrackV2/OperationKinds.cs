using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>Selects the kind of call that an operation becomes.</summary>
internal static class OperationKinds
{
    public static CallKind Of(in OperationFacts facts) => (facts.Type, facts.Action) switch
    {
        (EntityType.Delivery, _) => CallKind.Metric,
        (EntityType.Object, OperationAction.Delete) => CallKind.DeleteObject,
        (EntityType.Object, OperationAction.Identify or OperationAction.IdentifyAnonymous) => CallKind.IdentifyObject,
        (_, OperationAction.AddRelationships) => CallKind.AddRelationships,
        (_, OperationAction.DeleteRelationships) => CallKind.DeleteRelationships,
        (_, OperationAction.Identify) => CallKind.Identify,
        (_, OperationAction.Delete) => CallKind.DeleteCustomer,
        (_, OperationAction.Event) => facts.Identifiers.AnonymousId is null ? CallKind.Event : CallKind.AnonymousEvent,
        (_, OperationAction.Page) => CallKind.Page,
        (_, OperationAction.Screen) => CallKind.Screen,
        (_, OperationAction.AddDevice) => CallKind.AddDevice,
        (_, OperationAction.DeleteDevice) => CallKind.DeleteDevice,
        (_, OperationAction.Merge) => CallKind.Merge,
        (_, OperationAction.Suppress) => CallKind.Suppress,
        (_, OperationAction.Unsuppress) => CallKind.Unsuppress,
        _ => throw new ArgumentException("The operation is not valid.", nameof(facts)),
    };
}
