using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>The people to add to or remove from a manual segment.</summary>
internal static class SegmentBody
{
    /// <summary>The most ids in one request, which is Customer.io's limit.</summary>
    public const int MaxIds = 1000;

    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        if (!JsonValue.NameIs(reader, "ids"u8))
        {
            return JsonValue.SkipMember(ref reader);
        }

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "\"ids\" is not an array. Send {\"ids\":[…]} with 1 to 1000 ids.";
        }

        facts.HasRequired = true;
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (JsonValue.Skip(ref reader) is { } problem)
            {
                return problem;
            }
        }

        return count switch
        {
            0 => "\"ids\" is empty. Send 1 to 1000 ids.",
            > MaxIds => $"\"ids\" holds {count} ids. Send at most {MaxIds} in one request.",
            _ => null,
        };
    }
}
