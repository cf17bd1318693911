namespace CioOrleans.Silo.Configuration;

/// <summary>Finds the right word for a misspelt one.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, if they are few for the length of the word; otherwise null.</summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        var closest = candidates.MinBy(candidate => Distance(word, candidate));
        return closest is not null && Distance(word, closest) <= 1 + (closest.Length / 4) ? closest : null;
    }

    /// <summary>The number of insertions, deletions and replacements between two words (Levenshtein distance), ignoring case.</summary>
    public static int Distance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
            }

            above = row;
        }

        return above[^1];
    }
}
