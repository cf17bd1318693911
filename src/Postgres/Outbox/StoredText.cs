namespace CioOrleans.Postgres.Outbox;

/// <summary>A PostgreSQL text can hold every character but NUL. Keys from callers may hold NUL too, so it is escaped.</summary>
internal static class StoredText
{
    // A private-use character. A text that contains it becomes one character longer for each.
    private const string Escape = "\uE000";
    private const string EscapedNul = Escape + "0";
    private const string EscapedEscape = Escape + "1";

    public static string ToStored(this string text) =>
        text.AsSpan().IndexOfAny('\0', Escape[0]) < 0
            ? text
            : text.Replace(Escape, EscapedEscape, StringComparison.Ordinal).Replace("\0", EscapedNul, StringComparison.Ordinal);

    public static string FromStored(this string text) =>
        text.Contains(Escape[0], StringComparison.Ordinal)
            ? text.Replace(EscapedNul, "\0", StringComparison.Ordinal).Replace(EscapedEscape, Escape, StringComparison.Ordinal)
            : text;
}
