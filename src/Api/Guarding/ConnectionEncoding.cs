using System.Text;

namespace CioOrleans.Api.Guarding;

/// <summary>
/// Decodes the value of <c>Connection</c>. Kestrel replaces a value with <c>close</c>, <c>keep-alive</c> or <c>Upgrade</c> by that word alone. The header
/// names in it, which must not be sent on, would be lost. So this encoding removes these words from a value with names, and puts <see cref="Close"/> in
/// place of <c>close</c>.
/// </summary>
internal sealed class ConnectionEncoding : Encoding
{
    /// <summary>Asks the guard to close the connection after the answer. No caller has a reason to send this name.</summary>
    public const string Close = "x-dispatch-close";

    public static ConnectionEncoding Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Read(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + Close.Length + 2;

    private static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = Latin1.GetString(bytes);
        if (!text.Contains(',', StringComparison.Ordinal))
        {
            return text;
        }

        string[] tokens = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] names = [.. tokens.Where(token => !Is(token, "close") && !Is(token, "keep-alive") && !Is(token, "upgrade"))];
        return names.Length == 0 ? text : string.Join(", ", tokens.Any(token => Is(token, "close")) ? [.. names, Close] : names);
    }

    private static bool Is(string token, string word) => token.Equals(word, StringComparison.OrdinalIgnoreCase);
}
