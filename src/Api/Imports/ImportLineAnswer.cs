using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Imports;

/// <summary>Writes the lines of an answer.</summary>
internal static class ImportLineAnswer
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, ImportResult result) => WriteLine(output, json =>
    {
        json.WriteNumber("row"u8, result.Row);
        switch (result)
        {
            case ImportResult.Accepted:
                json.WriteString("status"u8, "accepted"u8);
                break;
            case ImportResult.Invalid invalid:
                json.WriteString("status"u8, "invalid"u8);
                json.WriteString("error"u8, invalid.Error);
                break;
            case ImportResult.Unavailable unavailable:
                json.WriteString("status"u8, "unavailable"u8);
                json.WriteString("error"u8, unavailable.Reason);
                json.WriteNumber("retryAfter"u8, Math.Ceiling(unavailable.RetryAfter.TotalSeconds));
                break;
        }
    });

    public static void Write(IBufferWriter<byte> output, Ulid import, ImportSummary summary, bool isComplete) => WriteLine(output, json =>
    {
        json.WriteString("import"u8, import.ToString());
        json.WriteNumber("rows"u8, summary.Rows);
        json.WriteNumber("accepted"u8, summary.Accepted);
        json.WriteNumber("invalid"u8, summary.Invalid);
        json.WriteNumber("unavailable"u8, summary.Unavailable);
        json.WriteBoolean("complete"u8, isComplete);
    });

    private static void WriteLine(IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        using (var json = new Utf8JsonWriter(output, _options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
