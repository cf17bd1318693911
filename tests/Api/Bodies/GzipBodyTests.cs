using System.Buffers;
using System.IO.Compression;
using CioOrleans.Api.Bodies;
using CsCheck;

namespace CioOrleans.Api.Tests.Bodies;

public sealed class GzipBodyTests
{
    [Fact]
    public void What_was_compressed_comes_back_and_nothing_comes_of_a_part_of_it() =>
        // .NET compresses nothing to nothing, which is no gzip.
        Gen.Select(Gen.Byte.Array[1, 400], Gen.Int[1, 1000]).Sample((body, cut) =>
        {
            var encoded = Encode(body);

            Assert.Equal(body, Assert.IsType<GzipResult.Decoded>(Decode(encoded, 400)).Bytes);
            Assert.IsType<GzipResult.Broken>(Decode(encoded[..^Math.Min(cut, encoded.Length)], 400));
        });

    [Fact]
    public void A_large_body_comes_back_whole_from_many_segments()
    {
        var body = new byte[300_000];
        new Random(1).NextBytes(body);

        Assert.Equal(body, Assert.IsType<GzipResult.Decoded>(GzipBody.Decode(Segments(Encode(body), 4_096), 300_000, _ => true)).Bytes);
    }

    [Theory]
    [InlineData(100, typeof(GzipResult.Decoded))]
    [InlineData(101, typeof(GzipResult.TooLarge))]
    [InlineData(5_000_000, typeof(GzipResult.TooLarge))]
    public void What_is_too_much_is_refused(int size, Type expected) => Assert.IsType(expected, Decode(Encode(new byte[size]), 100));

    [Fact]
    public void A_bomb_takes_no_buffer_whether_its_length_is_told_or_not()
    {
        var bomb = Encode(new byte[30_000_000]);
        var liar = bomb.ToArray();
        BitConverter.GetBytes(1_000).CopyTo(liar, liar.Length - 4);
        var largest = 0L;

        Assert.IsType<GzipResult.TooLarge>(GzipBody.Decode(new ReadOnlySequence<byte>(bomb), 25_000_000, Grow));
        Assert.IsType<GzipResult.Broken>(GzipBody.Decode(new ReadOnlySequence<byte>(liar), 25_000_000, Grow));
        Assert.InRange(largest, 1, 10_000);

        bool Grow(long size)
        {
            largest = Math.Max(largest, size);
            return true;
        }
    }

    [Fact]
    public void A_body_that_finds_no_room_says_so() =>
        Assert.IsType<GzipResult.NoRoom>(GzipBody.Decode(new ReadOnlySequence<byte>(Encode(new byte[1_000_000])), 25_000_000, size => size < 500_000));

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var encoded = Encode([1, 2, 3, 4, 5, 6, 7, 8]);
        encoded[12] ^= 1;

        Assert.IsType<GzipResult.Broken>(Decode(encoded, 100));
    }

    private static GzipResult Decode(byte[] encoded, int maxBytes) => GzipBody.Decode(new ReadOnlySequence<byte>(encoded), maxBytes, _ => true);

    private static ReadOnlySequence<byte> Segments(byte[] bytes, int size)
    {
        var first = new Segment(bytes.AsMemory(0, size), 0);
        var last = first;
        for (var start = size; start < bytes.Length; start += size)
        {
            last = last.Append(bytes.AsMemory(start, Math.Min(size, bytes.Length - start)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static byte[] Encode(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
