using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>
/// Translates a v1 call into one that may be sent in a batch. The translated operation must be valid under v2's rules and must join the same queue as the
/// v1 call; otherwise the call is not changed.
/// </summary>
internal static class V1Translation
{
    private const string ContentType = "Content-Type";
    private const string Json = "application/json";

    /// <summary>The call to store: translated, or unchanged.</summary>
    /// <param name="call">The v1 call.</param>
    /// <param name="customer">Its ordering key.</param>
    /// <param name="pathValue">The decoded person of its path; null if it names none.</param>
    /// <param name="body">Its body before it was stamped.</param>
    /// <param name="stamping">The workspace's settings for what to add.</param>
    public static Call Apply(Call call, string customer, string? pathValue, ReadOnlySpan<byte> body, StampingSettings stamping)
    {
        if (V1Translator.Translate(call.Kind, call.Target, pathValue, body) is not { } operation)
        {
            return call;
        }

        var reader = new Utf8JsonReader(operation, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        OperationReader.Read(ref reader, out var facts);
        if (OperationRules.Check(facts) is not null
            || EntityNames.KeyOf(facts) != customer
            || (call.Kind == CallKind.Merge && EntityNames.KeyOf(facts.Secondary) != call.OtherCustomer))
        {
            return call;
        }

        var stamped = OperationStamper.Stamp(operation, facts, stamping, call.Id, call.AcceptedAt);
        return stamped.Length > CallLimits.MaxOperationBytes ? call : call with
        {
            LimitClass = LimitClass.Batch,
            Method = "POST",
            Target = OperationCallFactory.EntityTarget,
            Headers = WithJsonContent(call.Headers),
            Body = stamped,
        };
    }

    /// <summary>Sets the content type to JSON. A v1 call without a body may have another one or none.</summary>
    private static CallHeaders WithJsonContent(CallHeaders headers) =>
        headers.Find(ContentType)?.StartsWith(Json, StringComparison.OrdinalIgnoreCase) == true ? headers : headers.With(ContentType, Json);
}
