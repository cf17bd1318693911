using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;

namespace CioOrleans.Api.TrackV2;

/// <summary>Reads an object that names a person, an object or a delivery. The reader must be at the name of the member that holds it.</summary>
internal static class IdentifiersReader
{
    public static OperationError? Read(ref Utf8JsonReader reader, string field, out NamedEntity entity)
    {
        entity = default;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.Null ? null : OperationError.Invalid(field, $"\"{field}\" is not an object. Send {{\"id\":\"…\"}}.");
        }

        entity.IsGiven = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var error = JsonValue.NameIs(reader, "id"u8) ? ReadValue(ref reader, field, "id", out entity.Id)
                : JsonValue.NameIs(reader, "email"u8) ? ReadValue(ref reader, field, "email", out entity.Email)
                : JsonValue.NameIs(reader, "cio_id"u8) ? ReadValue(ref reader, field, "cio_id", out entity.CioId)
                : JsonValue.NameIs(reader, "phone"u8) ? ReadValue(ref reader, field, "phone", out entity.Phone)
                : JsonValue.NameIs(reader, "anonymous_id"u8) ? ReadValue(ref reader, field, "anonymous_id", out entity.AnonymousId)
                : JsonValue.NameIs(reader, "object_type_id"u8) ? ReadValue(ref reader, field, "object_type_id", out entity.ObjectTypeId)
                : JsonValue.NameIs(reader, "object_id"u8) ? ReadValue(ref reader, field, "object_id", out entity.ObjectId)
                : JsonValue.NameIs(reader, "cio_object_id"u8) ? ReadValue(ref reader, field, "cio_object_id", out entity.CioObjectId)
                : JsonValue.SkipMember(ref reader) is { } problem ? OperationError.Invalid(field, problem)
                : null;
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static OperationError? ReadValue(ref Utf8JsonReader reader, string field, string member, out string? value)
    {
        value = null;
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number:
                value = Encoding.ASCII.GetString(reader.ValueSpan);
                return null;
            case JsonTokenType.String:
                value = reader.GetString();
                value = string.IsNullOrWhiteSpace(value) ? null : value;
                return null;
            default:
                return OperationError.Invalid($"{field}.{member}", $"\"{field}.{member}\" is not a string. Send it as one.");
        }
    }
}
