using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.Bodies;

/// <summary>The two people of a merge.</summary>
internal static class MergeBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        string? problem;
        if (JsonValue.NameIs(reader, "primary"u8))
        {
            problem = ReadPerson(ref reader, "primary", out var primary);
            facts.Subject = primary;
            return problem;
        }

        if (JsonValue.NameIs(reader, "secondary"u8))
        {
            problem = ReadPerson(ref reader, "secondary", out var secondary);
            facts.OtherSubject = secondary;
            return problem;
        }

        return JsonValue.SkipMember(ref reader);
    }

    private static string? ReadPerson(ref Utf8JsonReader reader, string role, out string? key)
    {
        key = null;
        var keys = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return NameOne(role);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (member, toKey) = KeyOf(ref reader);
            if (toKey is null)
            {
                if (JsonValue.SkipMember(ref reader) is { } skipProblem)
                {
                    return skipProblem;
                }

                continue;
            }

            if (JsonValue.ReadIdentifier(ref reader, $"{role}.{member}", CallLimits.MaxPersonBytes, out var value) is { } problem)
            {
                return problem;
            }

            if (value is not null)
            {
                key = toKey(value);
                keys++;
            }
        }

        return keys == 1 ? null : NameOne(role);
    }

    private static (string Member, Func<string, string>? ToKey) KeyOf(ref Utf8JsonReader reader) =>
        JsonValue.NameIs(reader, "id"u8) ? ("id", CustomerKey.FromId)
        : JsonValue.NameIs(reader, "email"u8) ? ("email", CustomerKey.FromEmail)
        : JsonValue.NameIs(reader, "cio_id"u8) ? ("cio_id", CustomerKey.FromCioId)
        : ("", null);

    private static string NameOne(string role) => $"\"{role}\" must name one person. Send an object with exactly one of id, email or cio_id.";
}
