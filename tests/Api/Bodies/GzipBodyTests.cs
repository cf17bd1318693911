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

            Assert.Equal(body, GzipBody.Decode(new ReadOnlySequence<byte>(encoded), 400));
            Assert.Null(GzipBody.Decode(new ReadOnlySequence<byte>(encoded[..^Math.Min(cut, encoded.Length)]), 400));
        });

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 101)]
    [InlineData(5_000_000, 101)]
    public void No_more_is_decoded_than_shows_that_it_is_too_much(int size, int decoded) =>
        Assert.Equal(decoded, GzipBody.Decode(new ReadOnlySequence<byte>(Encode(new byte[size])), 100)!.Length);

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var encoded = Encode([1, 2, 3, 4, 5, 6, 7, 8]);
        encoded[12] ^= 1;

        Assert.Null(GzipBody.Decode(new ReadOnlySequence<byte>(encoded), 100));
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
}
