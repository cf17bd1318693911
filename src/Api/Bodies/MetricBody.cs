using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>A metric of a delivery. Metrics without a <c>delivery_id</c> have no order.</summary>
internal static class MetricBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        if (!JsonValue.NameIs(reader, "delivery_id"u8))
        {
            return JsonValue.SkipMember(ref reader);
        }

        var problem = JsonValue.ReadIdentifier(ref reader, "delivery_id", IdentifierRules.MaxOtherBytes, out var deliveryId);
        facts.Subject = deliveryId;
        return problem;
    }
}
