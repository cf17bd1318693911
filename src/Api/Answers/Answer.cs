using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CioOrleans.Customers;

namespace CioOrleans.Api.Answers;

/// <summary>
/// Writes answers in Customer.io's form into the response's buffer, without a flush. The server flushes once, with the headers, when the request ends.
/// </summary>
internal static class Answer
{
    private const string Json = "application/json";

    private static readonly JsonWriterOptions _plainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes exactly <c>200 {}</c>. Customer.io's Go SDK treats every other answer as a failure.</summary>
    public static void Success(HttpResponse response)
    {
        response.ContentType = Json;
        response.ContentLength = 2;
        response.BodyWriter.Write("{}"u8);
    }

    public static void NoContent(HttpResponse response) => response.StatusCode = StatusCodes.Status204NoContent;

    public static void Refuse(HttpResponse response, Refusal refusal, ErrorShape shape)
    {
        if (shape == ErrorShape.App)
        {
            AppAnswer.Refuse(response, refusal);
            return;
        }

        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, _plainText))
        {
            json.WriteStartObject();
            if (shape == ErrorShape.Pipelines)
            {
                json.WriteString("code"u8, PipelinesCode(refusal.Status));
                json.WriteString("message"u8, refusal.Message);
            }

            json.WriteStartObject("meta"u8);
            if (shape is ErrorShape.List or ErrorShape.Pipelines)
            {
                json.WriteStartArray("errors"u8);
                json.WriteStringValue(refusal.Message);
                foreach (var other in refusal.Others)
                {
                    json.WriteStringValue(other);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteString("error"u8, refusal.Message);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        response.StatusCode = refusal.Status;
        response.ContentType = Json;
        response.ContentLength = body.WrittenCount;
        response.BodyWriter.Write(body.WrittenSpan);
    }

    private static string PipelinesCode(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status429TooManyRequests => "too_many_requests",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "invalid_request",
    };

    public static void NotFound(HttpResponse response) =>
        Refuse(response, new Refusal(StatusCodes.Status404NotFound, "There is no such path in the Track API. Check the path and its prefix: /api/v1/…"), ErrorShape.Single);

    public static void MethodNotAllowed(HttpResponse response, string allow, ErrorShape shape = ErrorShape.Single)
    {
        response.Headers.Allow = allow;
        Refuse(response, new Refusal(StatusCodes.Status405MethodNotAllowed, $"The method is not allowed here. Allowed: {allow}."), shape);
    }

    /// <summary>429 if too many calls wait, 503 if the call cannot be stored.</summary>
    public static int StatusOf(AcceptResult.NotAccepted unavailable) =>
        unavailable.IsOverload ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;

    /// <summary>The reason under which the metrics count a call that was not stored.</summary>
    public static RefusalReason ReasonOf(AcceptResult.NotAccepted unavailable) =>
        unavailable.IsOverload ? RefusalReason.Overloaded
        : unavailable.IsDiskFull ? RefusalReason.DiskFull
        : RefusalReason.Unavailable;

    /// <summary>Answers a call that was not stored, and asks the caller to repeat it.</summary>
    public static void NotTaken(HttpResponse response, AcceptResult.NotAccepted unavailable, ErrorShape shape = ErrorShape.Single) =>
        RetryLater(response, new Refusal(StatusOf(unavailable), unavailable.Reason), unavailable.RetryAfter, shape);

    /// <summary>
    /// Asks the caller to repeat the request. <c>Retry-After</c> is 1 to 10 seconds: the Node SDK gives up at once if it is asked to wait more than
    /// thirty.
    /// </summary>
    public static void RetryLater(HttpResponse response, Refusal refusal, TimeSpan retryAfter, ErrorShape shape = ErrorShape.Single)
    {
        SetRetryAfter(response, retryAfter);
        Refuse(response, refusal, shape);
    }

    /// <summary>
    /// Answers a request that got no permit in time. <c>Retry-After</c> is the time until its permit, however long: unlike a call that would be stored at once,
    /// a repeat before that time is refused again.
    /// </summary>
    public static void NoPermit(HttpResponse response, string message, TimeSpan permitIn, ErrorShape shape)
    {
        response.Headers.RetryAfter = Math.Clamp((long)Math.Ceiling(permitIn.TotalSeconds), 1, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        Refuse(response, new Refusal(StatusCodes.Status429TooManyRequests, message), shape);
    }

    /// <summary>Sets <c>Retry-After</c>, 1 to 10 whole seconds; see <see cref="RetryLater"/>.</summary>
    public static void SetRetryAfter(HttpResponse response, TimeSpan retryAfter) => response.Headers.RetryAfter =
        Math.Clamp((int)Math.Ceiling(Math.Min(retryAfter.TotalSeconds, 10)), 1, 10).ToString(CultureInfo.InvariantCulture);
}
