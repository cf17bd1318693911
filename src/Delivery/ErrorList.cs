using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Delivery;

/// <summary>Looks for the <c>errors</c> that Customer.io may list in a 2xx (its OpenAPI document, 207 of Track v2).</summary>
internal static class ErrorList
{
    public static bool IsPresentIn(string body)
    {
        if (!body.Contains("\"errors\"", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return JsonNode.Parse(body)?["errors"] is JsonArray { Count: > 0 };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The body was cut off after its first bytes, so its list of errors is not empty.
            return true;
        }
    }
}
