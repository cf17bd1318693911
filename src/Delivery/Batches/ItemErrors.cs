using System.Text.Json;

namespace CioOrleans.Delivery.Batches;

/// <summary>Reads <c>{"errors":[{"batch_index":…,"reason":…,"field":…,"message":…}]}</c> of a 207, or of any other 2xx.</summary>
internal static class ItemErrors
{
    // Customer.io's documents name reasons of validation only. Should one ever speak of its own trouble, the operation is worth a repeat.
    private static readonly string[] _passing = ["internal", "unavailable", "timeout", "throttle", "rate_limit", "too_many"];

    /// <summary>The errors; none where the body names none, null where it names some and does not say of which operation.</summary>
    public static IReadOnlyList<BatchItemError>? Read(string? body, int count)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("errors", out var list))
            {
                return [];
            }

            return list.ValueKind switch
            {
                JsonValueKind.Null => [],
                JsonValueKind.Array => ReadAll(list, count),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // A success needs no body; but one that is cut off, or is no JSON, and speaks of errors cannot be trusted to have none.
            return body.Contains("\"errors\"", StringComparison.Ordinal) ? null : [];
        }
    }

    private static List<BatchItemError>? ReadAll(JsonElement list, int count)
    {
        var errors = new List<BatchItemError>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("batch_index", out var place)
                || place.ValueKind != JsonValueKind.Number || !place.TryGetInt32(out var index) || index < 0 || index >= count)
            {
                return null;
            }

            var reason = Text(item, "reason");
            errors.Add(new BatchItemError(index, Describe(reason, Text(item, "field"), Text(item, "message")), _passing.Any(word => reason.Contains(word, StringComparison.OrdinalIgnoreCase))));
        }

        return errors;
    }

    private static string Describe(string reason, string field, string message) =>
        string.Join(", ", new[] { reason, field, message }.Where(part => part.Length > 0));

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}

/// <summary>What a response says of one operation of a batch.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Text">For people.</param>
/// <param name="IsPassing">Customer.io's own trouble, not the operation's: a repeat may succeed.</param>
internal readonly record struct BatchItemError(int Index, string Text, bool IsPassing);
