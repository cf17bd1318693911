using System.Text.Json;
using System.Text.Unicode;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.App;

/// <summary>Reads from a send's body what the dispatcher needs. Customer.io validates the rest.</summary>
internal static class SendBody
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = CallLimits.MaxDepth };

    private static readonly (string Name, Func<string, string> ToKey)[] _names =
        [("id", CustomerKey.FromId), ("email", CustomerKey.FromEmail), ("cio_id", CustomerKey.FromCioId)];

    /// <summary>Returns what is wrong with the body, or null.</summary>
    /// <param name="body">The decoded body.</param>
    /// <param name="customer">The ordering key of the person in <c>identifiers</c>; null if it names none.</param>
    public static string? Read(ReadOnlyMemory<byte> body, out string? customer)
    {
        customer = null;
        if (!Utf8.IsValid(body.Span))
        {
            return BodyRefusals.NotUtf8;
        }

        try
        {
            using var document = JsonDocument.Parse(body, _options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "The body is not a JSON object. Send one: {…}.";
            }

            return document.RootElement.TryGetProperty("identifiers", out var identifiers) && identifiers.ValueKind == JsonValueKind.Object
                ? ReadCustomer(identifiers, out customer)
                : null;
        }
        catch (JsonException exception)
        {
            return $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}). Send one JSON object of at most {CallLimits.MaxDepth} levels.";
        }
        catch (InvalidOperationException)
        {
            return "The body holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.";
        }
    }

    private static string? ReadCustomer(JsonElement identifiers, out string? customer)
    {
        customer = null;
        foreach (var (name, toKey) in _names)
        {
            if (JsonMember.TextOf(identifiers, name) is { } value)
            {
                customer = toKey(value);
                return IdentifierRules.Check(value, $"\"identifiers.{name}\"", CallLimits.MaxPersonBytes);
            }
        }

        return null;
    }
}
