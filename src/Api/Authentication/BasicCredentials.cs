using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace CioOrleans.Api.Authentication;

/// <summary>The user name and password of a Basic <c>Authorization</c> header, decoded into the caller's buffer.</summary>
internal readonly ref struct BasicCredentials(ReadOnlySpan<char> user, ReadOnlySpan<char> password)
{
    /// <summary>The longest header that is read, in characters. Customer.io's ids and keys have 20 characters each.</summary>
    public const int MaxHeaderLength = 1024;

    private const string Scheme = "Basic ";

    public ReadOnlySpan<char> User { get; } = user;

    public ReadOnlySpan<char> Password { get; } = password;

    /// <summary>Reads a header in either base64 alphabet (Customer.io's Go SDK sends the URL-safe one), padded or not.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="buffer">At least <see cref="MaxHeaderLength"/> characters. The credentials point into it.</param>
    /// <param name="credentials">The credentials; empty if the header is invalid.</param>
    public static bool TryRead(ReadOnlySpan<char> header, Span<char> buffer, out BasicCredentials credentials)
    {
        credentials = default;
        if (header.Length > MaxHeaderLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var encoded = header[Scheme.Length..].Trim(' ');
        Span<char> urlSafe = stackalloc char[MaxHeaderLength];
        encoded.Replace(urlSafe, '+', '-');
        urlSafe = urlSafe[..encoded.Length];
        urlSafe.Replace('/', '_');

        Span<byte> bytes = stackalloc byte[MaxHeaderLength];
        if (Base64Url.DecodeFromChars(urlSafe, bytes, out _, out var byteCount) != OperationStatus.Done
            || Utf8.ToUtf16(bytes[..byteCount], buffer, out _, out var charCount, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return false;
        }

        ReadOnlySpan<char> pair = buffer[..charCount];
        var colon = pair.IndexOf(':');
        if (colon < 0)
        {
            return false;
        }

        credentials = new BasicCredentials(pair[..colon], pair[(colon + 1)..]);
        return true;
    }
}
