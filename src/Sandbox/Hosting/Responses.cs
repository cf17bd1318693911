using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Calls;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>Writes answers to responses.</summary>
internal static class Responses
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Task Write(HttpResponse response, Answer answer)
    {
        if (answer.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        if (answer.RateLimitRemaining is { } remaining)
        {
            response.Headers["X-RateLimit-Remaining"] = remaining;
        }

        if (answer.RateLimitReset is { } reset)
        {
            response.Headers["X-RateLimit-Reset"] = reset;
        }

        return Write(response, answer.Outcome, "application/json", answer.Json);
    }

    public static Task WriteJson<T>(HttpResponse response, T value, int status = 200) =>
        Write(response, status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, _json));

    public static Task WriteHtml(HttpResponse response, string html) => Write(response, 200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));

    public static T? ReadJson<T>(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<T>(body, _json);

    private static Task Write(HttpResponse response, int status, string contentType, byte[]? body)
    {
        response.StatusCode = status;
        if (body is null)
        {
            return Task.CompletedTask;
        }

        response.Headers.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.BodyWriter.WriteAsync(body).AsTask();
    }
}
