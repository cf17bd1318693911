using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Customers;

namespace CioOrleans.Api.Pipelines;

/// <summary>What an invalid call says about itself, as far as it can be read.</summary>
/// <param name="Type">The type; null if there is none.</param>
/// <param name="MessageId">The <c>messageId</c>; null if there is none.</param>
/// <param name="Persons">The ordering keys of the persons that it names, first the one whose queue it would have joined.</param>
internal sealed record CallNames(string? Type, string? MessageId, IReadOnlyList<string> Persons)
{
    private const int MaxPersonLength = 1_000;

    /// <summary>Null if the call is not an object. A member with half of a surrogate pair is left out, and the others are read.</summary>
    /// <param name="call">One JSON value.</param>
    public static CallNames? Read(ReadOnlySpan<byte> call)
    {
        var reader = new Utf8JsonReader(call, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? type = null, messageId = null, userId = null, anonymousId = null, groupId = null, email = null, previousId = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonValue.NameIs(reader, "type"u8))
            {
                type = ReadText(ref reader) ?? type;
            }
            else if (JsonValue.NameIs(reader, "messageId"u8))
            {
                messageId = ReadText(ref reader) ?? messageId;
            }
            else if (JsonValue.NameIs(reader, "userId"u8))
            {
                userId = ReadText(ref reader) ?? userId;
            }
            else if (JsonValue.NameIs(reader, "anonymousId"u8))
            {
                anonymousId = ReadText(ref reader) ?? anonymousId;
            }
            else if (JsonValue.NameIs(reader, "groupId"u8))
            {
                groupId = ReadText(ref reader) ?? groupId;
            }
            else if (JsonValue.NameIs(reader, "previousId"u8))
            {
                previousId = ReadText(ref reader) ?? previousId;
            }
            else if (JsonValue.NameIs(reader, "traits"u8))
            {
                email = ReadEmail(ref reader) ?? email;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new CallNames(type, messageId, [.. Persons().Distinct()]);

        IEnumerable<string> Persons()
        {
            // An operator who names a person by the value alone gets another key where it looks like an address or a cio_id.
            foreach (var (value, key) in ((string?, Func<string, string>)[])
            [
                (userId, CustomerKey.FromId), (userId, CustomerKey.FromPathValue), (anonymousId, CustomerKey.FromAnonymousId), (groupId, CustomerKey.FromGroup),
                (email, CustomerKey.FromEmail), (previousId, CustomerKey.FromId), (previousId, CustomerKey.FromPathValue),
            ])
            {
                if (value is { Length: <= MaxPersonLength })
                {
                    yield return key(value);
                }
            }
        }
    }

    private static string? ReadEmail(ref Utf8JsonReader reader)
    {
        string? email = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonValue.NameIs(reader, "email"u8))
            {
                email = ReadText(ref reader) ?? email;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return email;
    }

    /// <summary>Reads a member's value: a string that is not blank, or a number as it was written; null for anything else.</summary>
    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return Encoding.ASCII.GetString(reader.ValueSpan);
        }

        if (reader.TokenType == JsonTokenType.String && (!reader.ValueIsEscaped || JsonValue.IsText(reader.ValueSpan)))
        {
            return reader.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        }

        reader.Skip();
        return null;
    }
}
