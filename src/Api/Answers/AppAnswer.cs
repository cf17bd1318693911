using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Api.Answers;

/// <summary>
/// Writes JSON answers of the App API. An error is <c>{"errors":[{"detail":"…","status":"…"}]}</c>; the errors of sends have another form
/// (<see cref="Answer"/>).
/// </summary>
internal static class AppAnswer
{
    private static readonly JsonWriterOptions _plainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Refuse(HttpResponse response, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, _plainText))
        {
            json.WriteStartObject();
            json.WriteStartArray("errors"u8);
            json.WriteStartObject();
            json.WriteString("detail"u8, refusal.Message);
            json.WriteString("status"u8, refusal.Status.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        response.BodyWriter.Write(body.WrittenSpan);
    }

    public static void Write(HttpResponse response, int status, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString(_relaxed));
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
    }

    /// <summary>Asks the caller to repeat the request after 1 to 10 seconds.</summary>
    public static void RetryLater(HttpResponse response, Refusal refusal, TimeSpan retryAfter)
    {
        Answer.SetRetryAfter(response, retryAfter);
        Refuse(response, refusal);
    }
}
