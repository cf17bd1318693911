using System.Globalization;
using System.Text;

namespace CioOrleans.Cli.Output;

/// <summary>
/// Makes text from a server harmless for a terminal. Customers choose their ids, and an id may hold sequences that move the cursor, rename the window, or turn the direction of the text around.
/// </summary>
internal static class TerminalText
{
    /// <summary>Writes what is no visible text as <c>\u001b</c>: C0, DEL, C1, line and paragraph separators, and what changes the direction.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = IsHarmful(c) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsHarmful(char c) => char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}

/// <summary>Escapes all that is written but the line ends of the program itself. A line end inside of a server's value is escaped where the value is put into a line.</summary>
internal sealed class TerminalWriter(TextWriter output) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => output.Write(Lines(value));

    public override void WriteLine(string? value) => output.WriteLine(Lines(value));

    public override Task WriteLineAsync(string? value) => output.WriteLineAsync(Lines(value));

    public override void Flush() => output.Flush();

    private static string Lines(string? value) => value is null ? string.Empty : string.Join('\n', value.Split('\n').Select(TerminalText.Escape));
}
