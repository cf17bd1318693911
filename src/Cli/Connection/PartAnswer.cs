using System.Text.Json;

namespace CioOrleans.Cli.Connection;

/// <summary>What became of a part of an import.</summary>
internal abstract record PartAnswer
{
    private PartAnswer()
    {
    }

    /// <param name="Settled">So many rows from the part's first are done with: accepted or refused.</param>
    /// <param name="Refused">Those among them that were refused, by their place in the part from 1.</param>
    /// <param name="Problem">Why the rest was not taken; null where all was.</param>
    public sealed record Taken(long Settled, IReadOnlyList<(long Row, string Error)> Refused, string? Problem) : PartAnswer;

    /// <summary>Nothing was taken; a repeat may succeed after <paramref name="RetryAfter"/>.</summary>
    public sealed record Busy(string Reason, TimeSpan RetryAfter) : PartAnswer;

    /// <summary>The connection was not made or broke: what was taken is not known. A repeat is harmless.</summary>
    public sealed record Lost(string Reason) : PartAnswer;

    public static PartAnswer Read(string text)
    {
        var refused = new List<(long Row, string Error)>();
        var firstUnavailable = long.MaxValue;
        var problem = (string?)null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.TryGetProperty("import", out _))
            {
                var settled = Math.Min(firstUnavailable - 1, root.GetProperty("rows").GetInt64());
                return new Taken(settled, [.. refused.Where(row => row.Row <= settled)], root.GetProperty("complete").GetBoolean() ? null : problem ?? "the dispatcher was about to stop");
            }

            var row = root.GetProperty("row").GetInt64();
            if (root.GetProperty("status").GetString() == "invalid")
            {
                refused.Add((row, root.GetProperty("error").GetString()!));
            }
            else
            {
                firstUnavailable = Math.Min(firstUnavailable, row);
                problem ??= root.GetProperty("error").GetString();
            }
        }

        return new Lost("the answer was cut off");
    }
}
