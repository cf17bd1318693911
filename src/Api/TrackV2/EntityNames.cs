using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.TrackV2;

/// <summary>Validates identifiers and converts them into ordering keys. A person has the same key as in Track v1.</summary>
internal static class EntityNames
{
    private static readonly OperationError _noPerson =
        OperationError.Required("identifiers", "\"identifiers\" name nobody. Send one of id, email, phone or cio_id.");

    private static readonly OperationError _manyPeople =
        OperationError.Invalid("identifiers", "\"identifiers\" hold more than one identifier. Send one of id, email, phone or cio_id.");

    private static readonly OperationError _noAnonymous =
        OperationError.Invalid("identifiers.anonymous_id", "Only events, page and screen views can be of an anonymous person. Send one of id, email, phone or cio_id.");

    private static readonly OperationError _noObjectType =
        OperationError.Required("identifiers.object_type_id", "\"identifiers.object_type_id\" is missing. Send it together with object_id, or send cio_object_id.");

    private static readonly OperationError _noObject =
        OperationError.Required("identifiers.object_id", "\"identifiers.object_id\" is missing. Send it together with object_type_id, or send cio_object_id.");

    private static readonly OperationError _noDelivery = OperationError.Required("identifiers.id", "\"identifiers.id\" is missing. Send the delivery's id.");

    public static OperationError? CheckPerson(in NamedEntity person, bool mayBeAnonymous) => person.PersonIdentifiers switch
    {
        0 => _noPerson,
        > 1 => _manyPeople,
        _ when person.AnonymousId is not null && !mayBeAnonymous => _noAnonymous,
        _ => CheckPersonValues(person, "identifiers"),
    };

    /// <summary>Validates one of the two people of a merge. Returns what is wrong, or null.</summary>
    public static OperationError? CheckMerged(in NamedEntity person, string role) =>
        !person.IsGiven ? OperationError.Required(role, $"\"{role}\" is missing. Name a person by one of id, email or cio_id.")
        : person.PersonIdentifiers != 1 || person.Phone is not null || person.AnonymousId is not null
            ? OperationError.Invalid(role, $"\"{role}\" must name one person. Send an object with exactly one of id, email or cio_id.")
            : CheckPersonValues(person, role);

    public static OperationError? CheckObject(in NamedEntity named) =>
        named.CioObjectId is not null ? CheckValue(named.CioObjectId, "identifiers", "cio_object_id", IdentifierRules.MaxOtherBytes)
        : named.ObjectId is null ? _noObject
        : named.ObjectTypeId is null ? _noObjectType
        : CheckValue(named.ObjectId, "identifiers", "object_id", IdentifierRules.MaxOtherBytes)
        ?? CheckValue(named.ObjectTypeId, "identifiers", "object_type_id", IdentifierRules.MaxOtherBytes);

    public static OperationError? CheckDelivery(in NamedEntity delivery) =>
        delivery.Id is null ? _noDelivery : CheckValue(delivery.Id, "identifiers", "id", IdentifierRules.MaxOtherBytes);

    /// <summary>The ordering key of a valid person.</summary>
    public static string KeyOf(in NamedEntity person) =>
        person.Id is { } id ? CustomerKey.FromId(id)
        : person.Email is { } email ? CustomerKey.FromEmail(email)
        : person.CioId is { } cioId ? CustomerKey.FromCioId(cioId)
        : person.Phone is { } phone ? CustomerKey.FromPhone(phone)
        : CustomerKey.FromAnonymousId(person.AnonymousId!);

    /// <summary>The ordering key of a valid operation.</summary>
    public static string KeyOf(in OperationFacts facts) => facts.Type switch
    {
        EntityType.Object when facts.Identifiers.CioObjectId is { } cioObjectId => CustomerKey.FromCioObjectId(cioObjectId),
        EntityType.Object => CustomerKey.FromObject(facts.Identifiers.ObjectTypeId!, facts.Identifiers.ObjectId!),
        EntityType.Delivery => CustomerKey.FromDelivery(facts.Identifiers.Id!),
        _ when facts.Action == OperationAction.Merge => KeyOf(facts.Primary),
        _ => KeyOf(facts.Identifiers),
    };

    private static OperationError? CheckPersonValues(in NamedEntity person, string field)
    {
        var (member, value) = person.Id is not null ? ("id", person.Id)
            : person.Email is not null ? ("email", person.Email)
            : person.CioId is not null ? ("cio_id", person.CioId)
            : person.Phone is not null ? ("phone", person.Phone)
            : ("anonymous_id", person.AnonymousId!);
        return CheckValue(value, field, member, CallLimits.MaxPersonBytes);
    }

    private static OperationError? CheckValue(string value, string field, string member, int maxBytes) =>
        IdentifierRules.Check(value, $"\"{field}.{member}\"", maxBytes) is { } problem ? OperationError.Invalid($"{field}.{member}", problem) : null;
}
