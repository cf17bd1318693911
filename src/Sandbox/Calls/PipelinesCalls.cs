using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Reporting;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Processes a request of the Pipelines API as in its strict mode: an invalid request is answered with an error and has no effect.</summary>
internal sealed class PipelinesCalls(Ledger ledger, Profiles profiles)
{
    private const int MaxBytes = 32 * 1024;
    private const int MaxBatchBytes = 500 * 1024;

    public Answer Process(in TrackRoute route, StringValues encoding, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase) ? Decode(body) : body);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? Refused("the body must be an object")
                : route.Endpoint == Endpoint.Browser && Text(root, "writeKey").Length == 0 ? Answer.Unauthorized
                : route.Subject == "batch" ? Batch(root)
                : Take([(root, route.Subject!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidDataException)
        {
            return Refused("malformed JSON");
        }
    }

    private static Answer Refused(string reason) => new(400, JsonSerializer.SerializeToUtf8Bytes(new { meta = new { errors = new[] { reason } } }));

    private static byte[] Decode(ReadOnlyMemory<byte> body)
    {
        using var gzip = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        using var decoded = new MemoryStream();
        gzip.CopyTo(decoded);
        return decoded.ToArray();
    }

    private Answer Batch(JsonElement root) =>
        !root.TryGetProperty("batch", out var batch) || batch.ValueKind != JsonValueKind.Array ? Refused("batch must be an array")
        : root.GetRawText().Length > MaxBatchBytes ? Refused($"a batch must not be longer than {MaxBatchBytes} bytes")
        : Take([.. batch.EnumerateArray().Select(item => (item, Text(item, "type")))]);

    private Answer Take(IReadOnlyList<(JsonElement Item, string Type)> items)
    {
        foreach (var (item, type) in items)
        {
            if (Refusal(item, type) is { } reason)
            {
                return Refused(reason);
            }
        }

        foreach (var (item, type) in items)
        {
            if (type == "identify" && PersonOf(item) is { } person)
            {
                profiles.Identify(person, item.TryGetProperty("traits", out var traits) ? JsonMarshal.GetRawUtf8Value(traits).ToArray() : default);
            }

            ledger.Record(PersonOf(item), new ProcessedCall(Seq(item, "traits") ?? Seq(item, "properties"), IsEvent: true, Hash(item, "messageId"), Hash(item, "timestamp")));
        }

        return Answer.Ok;
    }

    private static string? Refusal(JsonElement item, string type) =>
        item.ValueKind != JsonValueKind.Object ? "a call must be an object"
        : item.GetRawText().Length > MaxBytes ? $"a call must not be longer than {MaxBytes} bytes"
        : type is not ("identify" or "track" or "page" or "screen" or "group" or "alias") ? "type is unknown"
        : type == "track" && Text(item, "event").Length == 0 ? "event is required"
        : type == "alias" && Text(item, "previousId").Length == 0 ? "previousId is required"
        : null;

    private static string? PersonOf(JsonElement item) =>
        Text(item, "userId") is { Length: > 0 } user ? user
        : Text(item, "anonymousId") is { Length: > 0 } anonymous ? "anonymous:" + anonymous
        : null;

    private static long? Seq(JsonElement item, string member) =>
        item.TryGetProperty(member, out var data) && data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("seq", out var seq) && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var value)
            ? value
            : null;

    private static ulong Hash(JsonElement item, string member) => Text(item, member) is { Length: > 0 } text ? BodyReader.Hash(Encoding.UTF8.GetBytes(text)) : 0;

    private static string Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? value.ToString()
            : string.Empty;
}
