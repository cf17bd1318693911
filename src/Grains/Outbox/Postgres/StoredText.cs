namespace CioOrleans.Outbox.Postgres;

/// <summary>A PostgreSQL text holds every character but NUL, and a key from the outside may hold that too.</summary>
internal static class StoredText
{
    // A private-use character: it costs a text that has one a character more.
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
