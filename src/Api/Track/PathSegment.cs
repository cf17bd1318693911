using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace CioOrleans.Api.Track;

/// <summary>Decodes one segment of a raw path. Percent-encoded bytes are UTF-8. A plus is not decoded to a space.</summary>
internal static class PathSegment
{
    /// <summary>Decodes and validates the segment. Returns what is wrong with it, or null.</summary>
    /// <param name="segment">The segment as it was sent.</param>
    /// <param name="what">The segment's name in a message.</param>
    /// <param name="maxBytes">The longest decoded segment, in bytes of UTF-8.</param>
    /// <param name="value">The decoded segment. Valid only if nothing is wrong; then it is not blank.</param>
    public static string? Decode(ReadOnlySpan<char> segment, string what, int maxBytes, out string value)
    {
        value = "";
        if (Ascii.IsValid(segment) && !segment.Contains('%'))
        {
            value = segment.ToString();
        }
        else if (DecodeEscapes(segment) is { } decoded)
        {
            value = decoded;
        }
        else
        {
            return $"{what} in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.";
        }

        return string.IsNullOrWhiteSpace(value) ? $"{what} in the path is empty. Give one." : IdentifierRules.Check(value, what, maxBytes);
    }

    private static string? DecodeEscapes(ReadOnlySpan<char> segment)
    {
        var rented = ArrayPool<byte>.Shared.Rent(segment.Length);
        try
        {
            var count = 0;
            for (var i = 0; i < segment.Length; i++)
            {
                if (segment[i] >= 0x80)
                {
                    return null;
                }

                if (segment[i] != '%')
                {
                    rented[count++] = (byte)segment[i];
                    continue;
                }

                if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                {
                    return null;
                }

                rented[count++] = (byte)((HexDigit(segment[i + 1]) << 4) | HexDigit(segment[i + 2]));
                i += 2;
            }

            var bytes = rented.AsSpan(0, count);
            return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int HexDigit(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
