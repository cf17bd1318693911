using System.Globalization;
using System.Text.Json;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Processes a request of the App API: counts the messages that are sent, and answers like Customer.io.</summary>
internal sealed class AppCalls(Ledger ledger, TimeProvider timeProvider)
{
    private long _last;

    public Answer Process(in TrackRoute route, string method, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = body.IsEmpty ? null : JsonDocument.Parse(body);
            return route.Endpoint switch
            {
                Endpoint.Send => Send(document?.RootElement),
                Endpoint.BroadcastTrigger => Trigger(document?.RootElement),
                Endpoint.Job => Start(method, document?.RootElement),
                _ => Echo(method, document?.RootElement),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or a string with half of a surrogate pair.
            return route.Endpoint is Endpoint.AppQuery or Endpoint.Job ? AppAnswer.Error(400, "malformed JSON") : AppAnswer.MetaError(400, "malformed JSON");
        }
    }

    private Answer Send(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } message || !message.TryGetProperty("identifiers", out _))
        {
            return AppAnswer.MetaError(400, "identifiers are required");
        }

        ledger.RecordSend(SeqIn(message, "message_data"));
        return new Answer(200, JsonSerializer.SerializeToUtf8Bytes(new
        {
            delivery_id = "dlv-" + Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture),
            queued_at = timeProvider.GetUtcNow().ToUnixTimeSeconds(),
        }));
    }

    /// <summary>Counts as sent. Its key is the member <c>seq</c> of its body, or of the first object in its body that has one.</summary>
    private Answer Start(string method, JsonElement? body)
    {
        ledger.RecordSend(body is { ValueKind: JsonValueKind.Object } job
            ? job.TryGetProperty("seq", out var seq) ? seq.ToString() : job.EnumerateObject().Select(member => SeqIn(job, member.Name)).FirstOrDefault(found => found is not null)
            : null);
        return Echo(method, body);
    }

    private static Answer Echo(string method, JsonElement? body) => new(200, JsonSerializer.SerializeToUtf8Bytes(new { method, received = body }));

    private Answer Trigger(JsonElement? body)
    {
        ledger.RecordSend(body is { ValueKind: JsonValueKind.Object } trigger ? SeqIn(trigger, "data") : null);
        return new Answer(200, JsonSerializer.SerializeToUtf8Bytes(new { id = Interlocked.Increment(ref _last) }));
    }

    private static string? SeqIn(JsonElement body, string member) =>
        body.TryGetProperty(member, out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("seq", out var seq) ? seq.ToString() : null;
}
