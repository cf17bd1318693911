using System.Buffers;
using System.IO.Compression;

namespace CioOrleans.Api.Bodies;

/// <summary>Decodes a gzip body without letting it grow beyond what is allowed.</summary>
internal static class GzipBody
{
    /// <summary>The decoded body; null where it is no gzip. One byte more than <paramref name="maxBytes"/> where it is too large.</summary>
    public static byte[]? Decode(in ReadOnlySequence<byte> encoded, int maxBytes)
    {
        using var source = new MemoryStream(encoded.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var length = gzip.ReadAtLeast(buffer.AsSpan(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false);
            return buffer.AsSpan(0, length).ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
