using System.Text.Json;

namespace CioOrleans.EndToEnd;

/// <summary>A row of the history, as the dispatcher exports it.</summary>
internal sealed record RecordedRow(string Result, string LimitClass, DateTimeOffset Ended, bool IsEnd)
{
    public DateTimeOffset? Sent { get; init; }

    public int Status { get; init; }

    public string? Customer { get; init; }

    public string? CallId { get; init; }

    public string? Kind { get; init; }

    public string? Import { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    public long Sequence { get; init; }

    public int Attempt { get; init; }

    public long Epoch { get; init; }

    public long Permit { get; init; }

    /// <summary>All rows, the oldest first.</summary>
    public static async Task<IReadOnlyList<RecordedRow>> ReadAsync(HttpClient http)
    {
        var export = await http.GetStringAsync(new Uri("/admin/workspaces/acme/history/export", UriKind.Relative));
        return [.. export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse().Select(line => JsonSerializer.Deserialize<RecordedRow>(line, JsonSerializerOptions.Web)!)];
    }
}
