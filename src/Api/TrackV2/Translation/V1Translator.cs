using System.Buffers;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Track;
using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>
/// Says a Track v1 call as a Track v2 operation, where that loses nothing. What v2 has no form for, does not know, or might take for
/// something else is not translated, and leaves by v1. Values are copied as they were written, numbers and strings byte for byte.
/// </summary>
internal static class V1Translator
{
    /// <summary>The operation, without stamps and of whatever size; null where the call stays v1.</summary>
    /// <param name="kind">What the call does.</param>
    /// <param name="target">Path and query as sent.</param>
    /// <param name="pathValue">The decoded person of the path; null where it names none.</param>
    /// <param name="body">A body that v1's rules found to be valid.</param>
    public static byte[]? Translate(CallKind kind, string target, string? pathValue, ReadOnlySpan<byte> body)
    {
        // What a query may mean is not known.
        if (target.Contains('?', StringComparison.Ordinal))
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
            // What version 2 makes of half of a character is not known.
            if (!members.IsNamedByText)
            {
                return null;
            }

            // An id or an anonymous id among the attributes changes who the person is; v2 documents neither. Relationships have another form there.
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

    /// <summary>Exactly one identifier, a string. A <c>cio_</c> in front of a cio_id, which v2 does without, is a doubt.</summary>
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

    /// <summary>No body, <c>{}</c> or <c>null</c>.</summary>
    private static bool SaysNothing(ReadOnlySpan<byte> body)
    {
        if (BodyValidator.IsBlank(body))
        {
            return true;
        }

        var members = new ObjectMembers(body);
        return !members.MoveNext();
    }

    /// <summary>Takes a member's value. False where it is of another kind, or comes for the second time.</summary>
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
