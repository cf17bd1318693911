using System.Globalization;
using System.Text;

namespace CioOrleans.Cli.Output;

/// <summary>
/// Makes text from a server harmless for a terminal. Customers choose their ids, and an id may contain sequences that move the cursor, rename the window
/// or reverse the direction of the text.
/// </summary>
internal static class TerminalText
{
    /// <summary>
    /// Escapes characters without a visible form, such as ESC as <c>\u001b</c>: C0, DEL, C1, line and paragraph separators, byte order marks and
    /// direction marks.
    /// </summary>
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

/// <summary>
/// Escapes everything that is written, except line feeds. <see cref="TerminalText.Escape"/> must escape a line feed in a server's value before the value
/// is put into a line.
/// </summary>
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
