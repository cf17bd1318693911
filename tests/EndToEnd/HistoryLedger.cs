using System.Text.Json;
using CioOrleans.Sandbox;

namespace CioOrleans.EndToEnd;

/// <summary>Compares the record of a dispatcher that was killed with what the sandbox has taken.</summary>
internal static class HistoryLedger
{
    /// <summary>
    /// The clocks of the record and of the sandbox are the same machine's. A call that is sent again after its recorded end is sent at least a window later.
    /// </summary>
    private static readonly TimeSpan _clocks = TimeSpan.FromMilliseconds(100);

    private static readonly string[] _honest = ["lost-owner", "under-way"];

    /// <summary>Every call that arrived has one end in the record, none was sent again after it, and the record proves what it can.</summary>
    public static async Task AssertAgreesAsync(Dispatcher dispatcher, SandboxServer sandbox)
    {
        var export = await dispatcher.Http.GetStringAsync(new Uri("/admin/workspaces/acme/history/export", UriKind.Relative));
        var ends = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(row => row.GetProperty("isEnd").GetBoolean())
            .ToLookup(row => row.GetProperty("callId").GetString()!, row => row.GetProperty("ended").GetDateTimeOffset());
        var arrivals = sandbox.Requests.ToLookup(request => JsonSerializer.Deserialize<JsonElement>(request.Body.Span).GetProperty("id").GetString()!, request => request.ArrivedAt);
        Assert.Empty(arrivals.Where(call => ends[call.Key].Count() != 1).Select(call => $"{call.Key} arrived {call.Count()} times and has {ends[call.Key].Count()} ends"));
        Assert.Empty(arrivals.Where(call => call.Max() > ends[call.Key].Single() + _clocks).Select(call => $"{call.Key} ended at {ends[call.Key].Single():O} and arrived at {call.Max():O}"));

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var proof = JsonSerializer.Deserialize<JsonElement>(
            await dispatcher.Http.GetStringAsync(new Uri($"/admin/workspaces/acme/history/verify?from=24h&to={now:O}", UriKind.Relative)));
        Assert.True(proof.GetProperty("verdict").GetString() != "broken", proof.GetRawText());
        Assert.Empty(proof.GetProperty("notJudged").EnumerateArray().Select(span => span.GetProperty("why").GetString()).Except(_honest));
    }
}
