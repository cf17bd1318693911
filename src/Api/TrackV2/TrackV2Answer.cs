using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CioOrleans.Api.Answers;
using CioOrleans.Customers;

namespace CioOrleans.Api.TrackV2;

/// <summary>Writes Track v2's errors: <c>{"errors":[{"reason", "field", "message"}]}</c>. In a 207 each error also has a <c>batch_index</c>.</summary>
internal static class TrackV2Answer
{
    private static readonly JsonWriterOptions _plainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Refuses the whole request.</summary>
    public static void Refuse(HttpResponse response, int status, OperationError error) => Write(response, status, [new OperationRefusal(-1, error)]);

    /// <summary>Answers that some operations were refused and the others are on stable storage.</summary>
    public static void MultiStatus(HttpResponse response, IReadOnlyList<OperationRefusal> errors) => Write(response, StatusCodes.Status207MultiStatus, errors);

    /// <summary>Answers that not every operation could be stored, and asks the caller to repeat the whole request.</summary>
    public static void RetryLater(HttpResponse response, AcceptResult.NotAccepted unavailable)
    {
        Answer.SetRetryAfter(response, unavailable.RetryAfter);
        Refuse(response, Answer.StatusOf(unavailable), new OperationError(unavailable.IsOverload ? "overloaded" : "unavailable", "", unavailable.Reason));
    }

    private static void Write(HttpResponse response, int status, IReadOnlyList<OperationRefusal> errors)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, _plainText))
        {
            json.WriteStartObject();
            json.WriteStartArray("errors"u8);
            foreach (var (index, error) in errors)
            {
                json.WriteStartObject();
                if (status == StatusCodes.Status207MultiStatus)
                {
                    json.WriteNumber("batch_index"u8, index);
                }

                json.WriteString("reason"u8, error.Reason);
                json.WriteString("field"u8, error.Field);
                json.WriteString("message"u8, error.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        response.BodyWriter.Write(body.WrittenSpan);
    }
}
