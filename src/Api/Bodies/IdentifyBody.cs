using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>The attributes of a person.</summary>
internal static class IdentifyBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        facts.HasTimestamp |= JsonValue.NameIs(reader, "_timestamp"u8);
        return JsonValue.SkipMember(ref reader);
    }
}
