using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>A device of a person. Its other members, and its <c>attributes</c>, are not validated.</summary>
internal static class DeviceBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        if (!JsonValue.NameIs(reader, "device"u8))
        {
            return JsonValue.SkipMember(ref reader);
        }

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "\"device\" is not an object. Send {\"device\":{\"id\":\"…\",\"platform\":\"ios\" or \"android\"}}.";
        }

        facts.HasRequired = true;
        string? id = null;
        string? platform = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Push tokens have no documented limit and are longer than a person's id.
            var problem = JsonValue.NameIs(reader, "id"u8) ? JsonValue.ReadIdentifier(ref reader, "device.id", int.MaxValue, out id)
                : JsonValue.NameIs(reader, "platform"u8) ? JsonValue.ReadIdentifier(ref reader, "device.platform", int.MaxValue, out platform)
                : JsonValue.SkipMember(ref reader);
            if (problem is not null)
            {
                return problem;
            }
        }

        return id is null ? "\"device.id\" is missing. Send the device's push token."
            : platform is null ? "\"device.platform\" is missing. Send \"ios\" or \"android\"."
            : null;
    }
}
