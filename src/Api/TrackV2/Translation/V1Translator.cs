using System.Buffers;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Track;
using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>
/// Translates a Track v1 call into a Track v2 operation if that loses nothing. A call is sent by v1 if v2 has no form for it, does not document it, or
/// might read it differently. Values are copied byte for byte.
/// </summary>
internal static class V1Translator
{
    /// <summary>The operation, without stamps and without a check of its size; null if the call must be sent by v1.</summary>
    /// <param name="kind">What the call does.</param>
    /// <param name="target">Path and query as they were sent.</param>
    /// <param name="pathValue">The decoded person of the path; null if it names none.</param>
    /// <param name="body">A body that is valid under v1's rules.</param>
    public static byte[]? Translate(CallKind kind, string target, string? pathValue, ReadOnlySpan<byte> body)
    {
        // The meaning of a query is not documented.
        if (target.Contains('?', StringComparison.Ordinal))
        {
            return null;
        }

        // It is not documented how v2 reads half of a surrogate pair, in a name or in a value.
        if (body.IndexOf("\\u"u8) >= 0 && !JsonValue.IsText(body))
        {
            return null;
        }

        if (kind == CallKind.Merge)
        {
            return Merge(body);
        }

        if (pathValue is null || !PathPerson.TryGuess(pathValue, out var person))
        {
            return null;
        }

        return kind switch
        {
            CallKind.Identify => Identify(person, body),
            CallKind.Event => Event("event"u8, person, body),
            CallKind.Page => Event("page"u8, person, body),
            CallKind.Screen => Event("screen"u8, person, body),
            CallKind.AddDevice => AddDevice(person, body),
            CallKind.DeleteDevice => SaysNothing(body) ? DeleteDevice(person, target) : null,
            CallKind.DeleteCustomer => SaysNothing(body) ? OperationText.OfPerson("delete"u8).Identifiers(person).ToBytes() : null,
            CallKind.Suppress => SaysNothing(body) ? OperationText.OfPerson("suppress"u8).Identifiers(person).ToBytes() : null,
            CallKind.Unsuppress => SaysNothing(body) ? OperationText.OfPerson("unsuppress"u8).Identifiers(person).ToBytes() : null,
            _ => null,
        };
    }

    private static byte[]? Identify(PathPerson person, ReadOnlySpan<byte> body)
    {
        var timestamp = default(ReadOnlySpan<byte>);
        var attributes = new ArrayBufferWriter<byte>(body.Length);
        attributes.Write("{"u8);
        var members = new ObjectMembers(body);
        while (members.MoveNext())
        {
            // An id or an anonymous id among the attributes changes the person's identity; v2 documents neither. Relationships have another form in v2.
            var isTimestamp = members.NameIs("_timestamp"u8);
            if (members.NameIs("id"u8) || members.NameIs("anonymous_id"u8) || members.NameIs("cio_relationships"u8) || (isTimestamp && !timestamp.IsEmpty))
            {
                return null;
            }

            members.ReadValue();
            if (!isTimestamp)
            {
                attributes.Write(attributes.WrittenCount > 1 ? ","u8 : default);
                attributes.Write(members.Whole);
            }
            else if (members.IsInteger)
            {
                timestamp = members.Value;
            }
            else
            {
                return null;
            }
        }

        attributes.Write("}"u8);
        return OperationText.OfPerson("identify"u8).Identifiers(person).Member("timestamp"u8, timestamp).Member("attributes"u8, attributes.WrittenSpan).ToBytes();
    }

    private static byte[]? Event(ReadOnlySpan<byte> action, PathPerson person, ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> name = default, id = default, timestamp = default, data = default, type = default;
        var members = new ObjectMembers(body);
        while (members.MoveNext())
        {
            if (members.NameIs("name"u8))
            {
                if (!TryTake(ref members, JsonTokenType.String, ref name))
                {
                    return null;
                }
            }
            else if (members.NameIs("id"u8))
            {
                if (!TryTake(ref members, JsonTokenType.String, ref id))
                {
                    return null;
                }
            }
            else if (members.NameIs("timestamp"u8))
            {
                if (!TryTake(ref members, JsonTokenType.Number, ref timestamp) || !members.IsInteger)
                {
                    return null;
                }
            }
            else if (members.NameIs("data"u8))
            {
                if (!TryTake(ref members, JsonTokenType.StartObject, ref data))
                {
                    return null;
                }
            }
            else if (!members.NameIs("type"u8) || !TryTake(ref members, JsonTokenType.String, ref type) || !type[1..^1].SequenceEqual(action))
            {
                return null;
            }
        }

        return OperationText.OfPerson(action).Identifiers(person)
            .Member("id"u8, id).Member("timestamp"u8, timestamp).Member("name"u8, name).Member("attributes"u8, data).ToBytes();
    }

    private static byte[]? AddDevice(PathPerson person, ReadOnlySpan<byte> body)
    {
        var outer = new ObjectMembers(body);
        var device = default(ReadOnlySpan<byte>);
        while (outer.MoveNext())
        {
            if (!outer.NameIs("device"u8) || !TryTake(ref outer, JsonTokenType.StartObject, ref device))
            {
                return null;
            }
        }

        ReadOnlySpan<byte> token = default, platform = default, lastUsed = default, attributes = default;
        var members = new ObjectMembers(device);
        while (members.MoveNext())
        {
            var isKnown = members.NameIs("id"u8) ? TryTake(ref members, JsonTokenType.String, ref token)
                : members.NameIs("platform"u8) ? TryTake(ref members, JsonTokenType.String, ref platform)
                : members.NameIs("last_used"u8) ? TryTake(ref members, JsonTokenType.Number, ref lastUsed) && members.IsInteger
                : members.NameIs("attributes"u8) && TryTake(ref members, JsonTokenType.StartObject, ref attributes);
            if (!isKnown)
            {
                return null;
            }
        }

        return OperationText.OfPerson("add_device"u8).Identifiers(person).Raw(",\"device\":{\"token\":"u8).Raw(token)
            .Member("platform"u8, platform).Member("last_used"u8, lastUsed).Member("attributes"u8, attributes).Raw("}"u8).ToBytes();
    }

    private static byte[]? DeleteDevice(PathPerson person, string target)
    {
        var segment = target.AsSpan(target.LastIndexOf('/') + 1);
        return PathSegment.Decode(segment, "", int.MaxValue, out var token) is null
            ? OperationText.OfPerson("delete_device"u8).Identifiers(person).Raw(",\"device\":{\"token\":"u8).Text(token).Raw("}"u8).ToBytes()
            : null;
    }

    private static byte[]? Merge(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> primary = default, secondary = default;
        var members = new ObjectMembers(body);
        while (members.MoveNext())
        {
            var isKnown = members.NameIs("primary"u8) ? TryTake(ref members, JsonTokenType.StartObject, ref primary)
                : members.NameIs("secondary"u8) && TryTake(ref members, JsonTokenType.StartObject, ref secondary);
            if (!isKnown)
            {
                return null;
            }
        }

        return NamesOne(primary) && NamesOne(secondary)
            ? OperationText.OfPerson("merge"u8).Member("primary"u8, primary).Member("secondary"u8, secondary).ToBytes()
            : null;
    }

    /// <summary>True if the object has exactly one identifier, a string. False for a cio_id with the prefix <c>cio_</c>, because v2 uses none.</summary>
    private static bool NamesOne(ReadOnlySpan<byte> person)
    {
        var members = new ObjectMembers(person);
        if (!members.MoveNext())
        {
            return false;
        }

        var isCioId = members.NameIs("cio_id"u8);
        var isKnown = isCioId || members.NameIs("id"u8) || members.NameIs("email"u8);
        members.ReadValue();
        return isKnown && members.Kind == JsonTokenType.String && !(isCioId && members.Value.StartsWith("\"cio_"u8)) && !members.MoveNext();
    }

    /// <summary>True for no body, for <c>{}</c> and for <c>null</c>.</summary>
    private static bool SaysNothing(ReadOnlySpan<byte> body)
    {
        if (BodyValidator.IsBlank(body))
        {
            return true;
        }

        var members = new ObjectMembers(body);
        return !members.MoveNext();
    }

    /// <summary>Reads a member's value. False if it is of another kind, or if the member occurs twice.</summary>
    private static bool TryTake(scoped ref ObjectMembers members, JsonTokenType kind, scoped ref ReadOnlySpan<byte> value)
    {
        members.ReadValue();
        if (members.Kind != kind || !value.IsEmpty)
        {
            return false;
        }

        value = members.Value;
        return true;
    }
}
