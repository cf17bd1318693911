using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>The end of a request: with a response, or without one.</summary>
/// <param name="Outcome">The status, or one of the outcomes in <see cref="OutcomeCounts"/>.</param>
/// <param name="Json">The body; null when there is none.</param>
internal sealed record Answer(int Outcome, byte[]? Json = null)
{
    public static readonly Answer Ok = new(200, "{}"u8.ToArray());
    public static readonly Answer NoContent = new(204);

    /// <summary>The body was observed at Customer.io. Its OpenAPI document declares none.</summary>
    public static readonly Answer Unauthorized = new(401, """{"meta":{"error":"Unauthorized request"}}"""u8.ToArray());
    public static readonly Answer NotFound = new(404, """{"meta":{"error":"Not found"}}"""u8.ToArray());
    public static readonly Answer MethodNotAllowed = new(405, """{"meta":{"error":"Method not allowed"}}"""u8.ToArray());
    public static readonly Answer Throttled = new(429, """{"meta":{"error":"Too many requests"}}"""u8.ToArray());
    public static readonly Answer ServerError = new(500, """{"meta":{"error":"Internal server error"}}"""u8.ToArray());
    public static readonly Answer Unavailable = new(503, """{"meta":{"error":"Service unavailable"}}"""u8.ToArray());
    public static readonly Answer TimeOut = new(OutcomeCounts.TimeOut);
    public static readonly Answer Reset = new(OutcomeCounts.Reset);
    public static readonly Answer Close = new(OutcomeCounts.Close);

    public string? RetryAfter { get; init; }

    public string? RateLimitRemaining { get; init; }

    public string? RateLimitReset { get; init; }

    /// <summary>A 400 in the form of v1. A merge has another form.</summary>
    public static Answer Refused(Endpoint endpoint, string reason)
    {
        var meta = endpoint == Endpoint.Merge
            ? new JsonObject { ["error"] = reason }
            : new JsonObject { ["errors"] = new JsonArray(reason) };
        return new Answer(400, Encoding.UTF8.GetBytes(new JsonObject { ["meta"] = meta }.ToJsonString()));
    }

    /// <summary>A 400 or 207 in the form of v2.</summary>
    public static Answer V2Errors(int status, IReadOnlyList<V2Error> errors) => new(status, JsonSerializer.SerializeToUtf8Bytes(new { errors }));

    public static Answer RegionOf(string region) => new(200, JsonSerializer.SerializeToUtf8Bytes(new
    {
        url = region == "eu" ? "https://track-eu.customer.io" : "https://track.customer.io",
        region,
        environment_id = 1,
    }));
}
