using System.Buffers;
using System.Text;
using System.Text.Json;
using CioOrleans.Calls;

namespace CioOrleans.Client;

/// <summary>The bodies of Track v1.</summary>
internal static class TrackBody
{
    public static byte[] Empty() => "{}"u8.ToArray();

    public static byte[] Identify(object? attributes, DateTimeOffset? timestamp, DateTimeOffset acceptedAt)
    {
        var json = attributes is null ? Empty() : JsonText.OfObject(attributes, nameof(attributes), levelsAround: 0);
        if (!JsonText.HasMember(json, "_timestamp"u8))
        {
            return Checked(JsonText.Prepend(json, $"\"_timestamp\":{(timestamp ?? acceptedAt).ToUnixTimeSeconds()}"), nameof(attributes));
        }

        return timestamp is null
            ? Checked(json, nameof(attributes))
            : throw new ArgumentException("The attributes have a _timestamp of their own. Give one or the other.", nameof(timestamp));
    }

    /// <param name="kind">An event, a page or a screen view.</param>
    /// <param name="details">The event; id and timestamp are set.</param>
    /// <param name="anonymousId">Null if the path names the person.</param>
    public static byte[] Event(CallKind kind, in EventDetails details, string? anonymousId)
    {
        CheckName(kind, details.Name);
        var name = details.Name;
        var id = details.Id.ToString();
        var timestamp = details.Timestamp!.Value.ToUnixTimeSeconds();
        var data = EventData(details.Data);
        return Write(nameof(details), json =>
        {
            json.WriteString("id"u8, id);
            json.WriteNumber("timestamp"u8, timestamp);
            if (kind is CallKind.Page or CallKind.Screen)
            {
                json.WriteString("type"u8, kind is CallKind.Page ? "page"u8 : "screen"u8);
            }

            json.WriteString("name"u8, name);
            WriteRaw(json, "data"u8, data);
            if (anonymousId is not null)
            {
                json.WriteString("anonymous_id"u8, anonymousId);
            }
        });
    }

    public static byte[] Device(string deviceId, string platform, object? attributes, DateTimeOffset? lastUsed)
    {
        Identifiers.Check(deviceId, CallLimits.MaxBodyBytes);
        ArgumentException.ThrowIfNullOrWhiteSpace(platform);
        var raw = attributes is null ? null : JsonText.OfObject(attributes, nameof(attributes), levelsAround: 2);
        return Write(nameof(attributes), json =>
        {
            json.WriteStartObject("device"u8);
            json.WriteString("id"u8, deviceId);
            json.WriteString("platform"u8, platform);
            if (lastUsed is { } used)
            {
                json.WriteNumber("last_used"u8, used.ToUnixTimeSeconds());
            }

            WriteRaw(json, "attributes"u8, raw);
            json.WriteEndObject();
        });
    }

    public static byte[] Merge(Person primary, Person secondary) => Write(nameof(primary), json =>
    {
        WritePerson(json, "primary"u8, primary);
        WritePerson(json, "secondary"u8, secondary);
    });

    public static void CheckName(CallKind kind, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (kind is CallKind.Event or CallKind.AnonymousEvent && Encoding.UTF8.GetByteCount(name.AsSpan().Trim()) > CallLimits.MaxEventNameBytes)
        {
            throw new ArgumentException(
                $"The event's name is longer than {CallLimits.MaxEventNameBytes} bytes. Shorten it and put the rest into the data.", nameof(name));
        }
    }

    private static byte[]? EventData(object? data)
    {
        var json = data is null ? null : JsonText.OfObject(data, nameof(data), levelsAround: 1);
        return json is null || json.Length <= CallLimits.MaxEventDataBytes
            ? json
            : throw new ArgumentException($"The event's data is larger than {CallLimits.MaxEventDataBytes} bytes of JSON. Send less.", nameof(data));
    }

    private static byte[] Write(string parameter, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Checked(buffer.WrittenSpan.ToArray(), parameter);
    }

    private static void WritePerson(Utf8JsonWriter json, ReadOnlySpan<byte> role, Person person)
    {
        var (member, value) = person.MergeIdentifier;
        json.WriteStartObject(role);
        json.WriteString(member, value);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[]? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private static byte[] Checked(byte[] body, string parameter) => body.Length <= CallLimits.MaxBodyBytes
        ? body
        : throw new ArgumentException($"The call is larger than {CallLimits.MaxBodyBytes} bytes of JSON. Send less.", parameter);
}
