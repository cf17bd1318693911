using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>Validates operations as Customer.io's document requires: the type, the action, the identifiers, and the members that the action needs.</summary>
internal static class OperationRules
{
    private static readonly OperationError _tooLarge =
        OperationError.Size("", $"The operation is larger than {CallLimits.MaxOperationBytes} bytes. Send less.");

    private static readonly OperationError _type = OperationError.Invalid("type", "\"type\" is none of person, object and delivery. Send one of them.");

    private static readonly OperationError _identifiers = OperationError.Required("identifiers", "\"identifiers\" is missing. Say whom or what the operation is about.");

    private static readonly OperationError _name = OperationError.Required("name", "\"name\" is missing. Send it as a string that is not blank.");

    private static readonly OperationError _nameTooLong =
        OperationError.Size("name", $"\"name\" is longer than {CallLimits.MaxEventNameBytes} bytes. Shorten it and put the rest into \"attributes\".");

    private static readonly OperationError _relationships =
        OperationError.Required("cio_relationships", "\"cio_relationships\" is missing. Send [{\"identifiers\":{…}}, …].");

    private static readonly OperationError _device = OperationError.Required("device", "\"device\" is missing. Send {\"token\":\"…\"}.");

    private static readonly OperationError _deviceToken = OperationError.Required("device.token", "\"device.token\" is missing. Send the device's push token.");

    private static readonly OperationError _devicePlatform = OperationError.Required("device.platform", "\"device.platform\" is missing. Send \"ios\" or \"android\".");

    private static readonly OperationError _samePerson =
        OperationError.Invalid("secondary", "\"primary\" and \"secondary\" are the same person. Name two people.");

    private static readonly OperationError _metricName =
        OperationError.Invalid("name", "\"name\" is none of opened, converted and delivered. Report other metrics to /api/v1/metrics.");

    private static readonly OperationError _metricAttributes =
        OperationError.Required("attributes", "\"attributes\" is missing. Send {\"device_token\":\"…\"}.");

    private static readonly OperationError _metricDevice =
        OperationError.Required("attributes.device_token", "\"attributes.device_token\" is missing. Name the device that received the message.");

    /// <summary>What is wrong with the operation; null if it is valid.</summary>
    public static OperationError? Check(in OperationFacts facts) =>
        facts.Length > CallLimits.MaxOperationBytes ? _tooLarge
        : facts.Error ?? (facts.Type switch
        {
            EntityType.Person => CheckPerson(facts),
            EntityType.Object => CheckObject(facts),
            EntityType.Delivery => CheckDelivery(facts),
            _ => _type,
        });

    private static OperationError? CheckPerson(in OperationFacts facts)
    {
        if (facts.Action == OperationAction.Merge)
        {
            return EntityNames.CheckMerged(facts.Primary, "primary")
                ?? EntityNames.CheckMerged(facts.Secondary, "secondary")
                ?? (EntityNames.KeyOf(facts.Primary) == EntityNames.KeyOf(facts.Secondary) ? _samePerson : null);
        }

        if (facts.Action is OperationAction.Unknown or OperationAction.IdentifyAnonymous)
        {
            return UnknownAction("identify, delete, event, page, screen, add_relationships, delete_relationships, add_device, delete_device, merge, suppress and unsuppress");
        }

        var isEvent = facts.Action is OperationAction.Event or OperationAction.Page or OperationAction.Screen;
        return (facts.Identifiers.IsGiven ? EntityNames.CheckPerson(facts.Identifiers, mayBeAnonymous: isEvent) : _identifiers) ?? (facts.Action switch
        {
            OperationAction.Event or OperationAction.Page or OperationAction.Screen when !facts.HasName => _name,

            // Customer.io limits the names of events only. The name of a page or screen view is an address, which may be longer.
            OperationAction.Event when facts.IsNameTooLong => _nameTooLong,
            OperationAction.AddRelationships or OperationAction.DeleteRelationships when !facts.HasRelationships => _relationships,
            OperationAction.AddDevice or OperationAction.DeleteDevice when !facts.HasDevice => _device,
            OperationAction.AddDevice or OperationAction.DeleteDevice when !facts.HasDeviceToken => _deviceToken,
            OperationAction.AddDevice when !facts.HasDevicePlatform => _devicePlatform,
            _ => null,
        });
    }

    private static OperationError? CheckObject(in OperationFacts facts) => facts.Action switch
    {
        OperationAction.Identify or OperationAction.IdentifyAnonymous or OperationAction.Delete => CheckObjectName(facts),
        OperationAction.AddRelationships or OperationAction.DeleteRelationships => CheckObjectName(facts) ?? (facts.HasRelationships ? null : _relationships),
        _ => UnknownAction("identify, identify_anonymous, delete, add_relationships and delete_relationships"),
    };

    private static OperationError? CheckObjectName(in OperationFacts facts) =>
        facts.Identifiers.IsGiven ? EntityNames.CheckObject(facts.Identifiers) : _identifiers;

    private static OperationError? CheckDelivery(in OperationFacts facts) =>
        facts.Action != OperationAction.Event ? UnknownAction("event")
        : !facts.Identifiers.IsGiven ? _identifiers
        : EntityNames.CheckDelivery(facts.Identifiers)
        ?? (!facts.HasName ? _name
            : !facts.IsMetricName ? _metricName
            : !facts.HasAttributes ? _metricAttributes
            : !facts.HasDeviceTokenAttribute ? _metricDevice
            : null);

    private static OperationError UnknownAction(string known) =>
        OperationError.Invalid("action", $"\"action\" is none of what can be done here: {known}.");
}
