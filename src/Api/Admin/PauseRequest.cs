using System.Text.Json;

namespace CioOrleans.Api.Admin;

/// <summary>Why an operator pauses a workspace.</summary>
internal sealed record PauseRequest(string Reason)
{
    public const int MaxReason = 500;
    private const string NoReason = "paused by an operator";

    /// <summary>
    /// Reads the body. The reason has a default. Null if the body is not empty and is invalid, or if the reason is longer than <see cref="MaxReason"/>.
    /// </summary>
    public static async Task<PauseRequest?> ReadAsync(HttpRequest request)
    {
        var body = await AdminBody.ReadAsync(request.HttpContext);
        if (body.Length == 0)
        {
            return new PauseRequest(NoReason);
        }

        try
        {
            return JsonSerializer.Deserialize(body, AdminJson.Readable.PauseBody) switch
            {
                null => null,
                { Reason: null or "" } => new PauseRequest(NoReason),
                { Reason.Length: > MaxReason } => null,
                var pause => new PauseRequest(pause.Reason),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
