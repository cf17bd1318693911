namespace CioOrleans.Grains.Outbox;

/// <summary>The stored form of the persons that a refused call names: one text, so that one search finds each of them.</summary>
public static class RefusedPersons
{
    private const char End = '\n';

    public static string ToText(IReadOnlyList<string> persons) => string.Concat(persons.Select(ToPattern));

    public static IReadOnlyList<string> FromText(string text) =>
        [.. text.Split(End, StringSplitOptions.RemoveEmptyEntries).Select(person => Unescape(person[1..]))];

    /// <summary>The part of the text that names a person, and that no other person's part contains.</summary>
    public static string ToPattern(string person) =>
        $"\t{person.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\t", @"\t", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}{End}";

    private static string Unescape(string person)
    {
        if (!person.Contains('\\', StringComparison.Ordinal))
        {
            return person;
        }

        var text = new System.Text.StringBuilder(person.Length);
        for (var i = 0; i < person.Length; i++)
        {
            text.Append(person[i] != '\\' ? person[i] : person[++i] switch { 't' => '\t', 'n' => End, var other => other });
        }

        return text.ToString();
    }
}
