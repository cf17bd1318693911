using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace CioOrleans.Api.Bodies;

/// <summary>The result of decoding a gzip body.</summary>
internal abstract record GzipResult
{
    private GzipResult()
    {
    }

    public sealed record Decoded(byte[] Bytes) : GzipResult;

    /// <summary>It is not gzip, or it is truncated.</summary>
    public sealed record Broken : GzipResult
    {
        public static Broken Instance { get; } = new();
    }

    /// <summary>The decoded body is larger than allowed.</summary>
    public sealed record TooLarge : GzipResult
    {
        public static TooLarge Instance { get; } = new();
    }

    /// <summary>The buffers of other requests leave no room.</summary>
    public sealed record NoRoom : GzipResult
    {
        public static NoRoom Instance { get; } = new();
    }
}

/// <summary>Decodes a gzip body up to a maximum size.</summary>
internal static class GzipBody
{
    /// <summary>RFC 1952: ten bytes before the compressed data and eight after it.</summary>
    private const int HeaderAndTrailer = 18;

    private const int FirstBuffer = 16 * 1024;

    /// <summary>
    /// Decodes a gzip body of one member, which is what every SDK sends. A body that announces more than <paramref name="maxBytes"/> is not buffered. No
    /// buffer grows beyond <paramref name="maxBytes"/>.
    /// </summary>
    /// <param name="encoded">The body as it was sent.</param>
    /// <param name="maxBytes">The size of the largest decoded body, in bytes.</param>
    /// <param name="tryGrow">Called with the bytes that the buffers will take together, before they grow. False refuses the body.</param>
    public static GzipResult Decode(in ReadOnlySequence<byte> encoded, int maxBytes, Predicate<long> tryGrow)
    {
        if (encoded.Length < HeaderAndTrailer)
        {
            return GzipResult.Broken.Instance;
        }

        // The last four bytes of a complete body are its decoded length.
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        encoded.Slice(encoded.Length - sizeof(uint)).CopyTo(trailer);
        var announced = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        try
        {
            using var gzip = new GZipStream(new SequenceStream(encoded), CompressionMode.Decompress);
            return announced > maxBytes ? Skip(gzip, maxBytes) : Read(gzip, (int)announced, tryGrow);
        }
        catch (InvalidDataException)
        {
            return GzipResult.Broken.Instance;
        }
    }

    private static GzipResult Read(GZipStream gzip, int announced, Predicate<long> tryGrow)
    {
        var buffer = Array.Empty<byte>();
        var length = 0;
        while (length < announced)
        {
            if (length == buffer.Length)
            {
                var size = Math.Min(Math.Max(FirstBuffer, 2 * buffer.Length), announced);
                if (!tryGrow(buffer.Length + size))
                {
                    return GzipResult.NoRoom.Instance;
                }

                Array.Resize(ref buffer, size);
            }

            var read = gzip.Read(buffer, length, buffer.Length - length);
            if (read == 0)
            {
                return GzipResult.Broken.Instance;
            }

            length += read;
        }

        return gzip.ReadByte() < 0 ? new GzipResult.Decoded(buffer) : GzipResult.Broken.Instance;
    }

    /// <summary>Decides whether a body is too large or truncated, without buffering it.</summary>
    private static GzipResult Skip(GZipStream gzip, int maxBytes)
    {
        Span<byte> scratch = stackalloc byte[4 * 1024];
        for (long length = 0; length <= maxBytes;)
        {
            var read = gzip.Read(scratch);
            if (read == 0)
            {
                return GzipResult.Broken.Instance;
            }

            length += read;
        }

        return GzipResult.TooLarge.Instance;
    }

    /// <summary>Reads a sequence without copying it first.</summary>
    private sealed class SequenceStream(ReadOnlySequence<byte> rest) : ReadOnlyStream
    {
        private ReadOnlySequence<byte> _rest = rest;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var part = _rest.Slice(0, Math.Min(buffer.Length, _rest.Length));
            part.CopyTo(buffer);
            _rest = _rest.Slice(part.End);
            return (int)part.Length;
        }
    }
}
