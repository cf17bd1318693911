using System.Text.Json;

namespace CioOrleans.Cli.Connection;

/// <summary>The result of sending a part of an import.</summary>
internal abstract record PartAnswer
{
    private PartAnswer()
    {
    }

    /// <param name="Settled">How many rows from the start of the part were accepted or refused.</param>
    /// <param name="Refused">The rows that were refused, numbered from 1 in the part.</param>
    /// <param name="Problem">Why the remaining rows were not accepted; null if there are none.</param>
    public sealed record Taken(long Settled, IReadOnlyList<(long Row, string Error)> Refused, string? Problem) : PartAnswer;

    /// <summary>No row was accepted. A repeat may succeed after <paramref name="RetryAfter"/>.</summary>
    public sealed record Busy(string Reason, TimeSpan RetryAfter) : PartAnswer;

    /// <summary>The connection failed or broke, so it is unknown which rows were accepted. A repeat is harmless.</summary>
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
