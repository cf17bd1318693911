using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace CioOrleans.Api.Bodies;

/// <summary>Decodes a gzip body without letting it grow beyond what is allowed.</summary>
internal static class GzipBody
{
    /// <summary>RFC 1952: ten bytes before and eight after the compressed data.</summary>
    private const int HeaderAndTrailer = 18;

    /// <summary>
    /// The decoded body; null where it is no gzip, or was cut short. One byte more than <paramref name="maxBytes"/> where it is too large.
    /// It must be of one member, as every SDK sends it.
    /// </summary>
    public static byte[]? Decode(in ReadOnlySequence<byte> encoded, int maxBytes)
    {
        var source = encoded.ToArray();
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(source), CompressionMode.Decompress);
            var length = gzip.ReadAtLeast(buffer.AsSpan(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false);
            return length > maxBytes || IsWhole(source, length) ? buffer.AsSpan(0, length).ToArray() : null;
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

    /// <summary>GZipStream takes a stream that was cut short for a whole one. The last four bytes of a whole one are its decoded length.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> source, int decodedLength) =>
        source.Length >= HeaderAndTrailer && BinaryPrimitives.ReadUInt32LittleEndian(source[^sizeof(uint)..]) == (uint)decodedLength;
}
