using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.EndToEnd;

/// <summary>Compares the record of a dispatcher that was killed with what the sandbox has received.</summary>
internal static class HistoryLedger
{
    /// <summary>
    /// The clocks of the record and of the sandbox are the same machine's, and are set by different means. A call that is sent again after its recorded end is
    /// sent at least a window later.
    /// </summary>
    private static readonly TimeSpan _clocks = TimeSpan.FromMilliseconds(100);

    private static readonly string[] _honest = ["lost-owner", "under-way"];

    /// <summary>The record and what arrived tell the same of every call, and the record proves what it can.</summary>
    public static async Task AssertAgreesAsync(Dispatcher dispatcher, SandboxServer sandbox)
    {
        var rows = await RecordedRow.ReadAsync(dispatcher.Http);
        var arrivals = sandbox.Requests.ToLookup(request => JsonSerializer.Deserialize<JsonElement>(request.Body.Span).GetProperty("id").GetString()!);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var proof = JsonSerializer.Deserialize<JsonElement>(
            await dispatcher.Http.GetStringAsync(new Uri($"/admin/workspaces/acme/history/verify?from=24h&to={now:O}", UriKind.Relative)));
        Assert.True(proof.GetProperty("verdict").GetString() != "broken", proof.GetRawText());
        var unjudged = proof.GetProperty("notJudged").EnumerateArray().ToList();
        Assert.Empty(unjudged.Select(WhyOf).Except(_honest));
        var lost = unjudged.Where(span => WhyOf(span) == "lost-owner")
            .Select(span => (From: span.GetProperty("from").GetDateTimeOffset(), To: span.GetProperty("to").GetDateTimeOffset())).ToList();

        var lives = rows.ToLookup(row => row.CallId!);
        Assert.Empty(arrivals.Select(call => call.Key).Except(lives.Select(life => life.Key)));
        Assert.DoesNotContain(rows.Where(row => row.Sent is not null).CountBy(row => (row.Epoch, row.Permit)), permit => permit.Value != 1);
        Assert.Empty(lives.SelectMany(life => WhatIsWrong(life.Key, [.. life], [.. arrivals[life.Key]], lost)));
    }

    private static IEnumerable<string> WhatIsWrong(
        string call, IReadOnlyList<RecordedRow> life, IReadOnlyList<RecordedRequest> arrivals, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> lost)
    {
        if (life.Count(row => row.IsEnd) != 1 || !life[^1].IsEnd)
        {
            yield return $"{call} arrived {arrivals.Count} times, and has the ends {string.Join(", ", life)}";
            yield break;
        }

        foreach (var late in arrivals.Where(arrival => arrival.ArrivedAt > life[^1].Ended + _clocks))
        {
            yield return $"{call} ended at {life[^1].Ended:O}, and arrived at {late.ArrivedAt:O}";
        }

        // The count of an attempt that failed is stored after its row, so a crash in between repeats its number.
        for (var i = 0; i < life.Count; i++)
        {
            var before = i == 0 ? 0 : life[i - 1].Attempt;
            if (life[i].Attempt < Math.Max(before, 1) || life[i].Attempt > before + 1)
            {
                yield return $"{call} has attempt {life[i].Attempt} behind attempt {before}";
            }

            if (i > 0 && life[i].Sent < life[i - 1].Ended)
            {
                yield return $"{call} was sent at {life[i].Sent:O}, before its attempt of {life[i - 1].Sent:O} had ended";
            }
        }

        List<RecordedRequest> left = [.. arrivals];
        foreach (var row in life.Where(row => row.Sent is not null))
        {
            if (left.FirstOrDefault(arrival => arrival.Status == row.Status && row.Sent - _clocks <= arrival.ArrivedAt && arrival.ArrivedAt <= row.Ended + _clocks) is not { } arrival)
            {
                yield return $"{call} has a row of a request that did not arrive: {row}";
                continue;
            }

            left.Remove(arrival);
        }

        foreach (var arrival in left.Where(arrival => !lost.Any(span => span.From <= arrival.ArrivedAt && arrival.ArrivedAt <= span.To)))
        {
            yield return $"{call} arrived at {arrival.ArrivedAt:O} without a row, while its owner lived";
        }
    }

    private static string WhyOf(JsonElement span) => span.GetProperty("why").GetString()!;
}
