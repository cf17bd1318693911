using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>
/// The fields of a form. Whether one of them names a person cannot be checked here: Customer.io maps fields of any name to <c>id</c> or <c>email</c>.
/// </summary>
internal static class FormBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        if (!JsonValue.NameIs(reader, "data"u8))
        {
            return JsonValue.SkipMember(ref reader);
        }

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "\"data\" is not an object. Send {\"data\":{…}} with the form's fields.";
        }

        facts.HasRequired = true;
        return JsonValue.Skip(ref reader);
    }
}
