using System.Text;
using CioOrleans.Api.Track;
using CsCheck;

namespace CioOrleans.Api.Tests.Track;

public sealed class PathSegmentTests
{
    [Fact]
    public void What_encodeURIComponent_encodes_is_decoded_to_itself() =>
        Gen.String[1, 60].Where(IsIdentifier).Sample(identifier =>
        {
            Assert.Null(PathSegment.Decode(Uri.EscapeDataString(identifier), "It", int.MaxValue, out var decoded));
            Assert.Equal(identifier, decoded);
        });

    [Fact]
    public void Any_bytes_percent_encoded_are_their_text_or_an_error() =>
        Gen.Byte.Array[1, 20].Sample(bytes =>
        {
            var segment = string.Concat(bytes.Select(b => $"%{b:x2}"));
            var problem = PathSegment.Decode(segment, "It", int.MaxValue, out var decoded);
            Assert.Equal(System.Text.Unicode.Utf8.IsValid(bytes) && IsIdentifier(Encoding.UTF8.GetString(bytes)), problem is null);
            if (problem is null)
            {
                Assert.Equal(bytes, Encoding.UTF8.GetBytes(decoded));
            }
        });

    [Fact]
    public void A_plus_is_a_plus()
    {
        Assert.Null(PathSegment.Decode("a+b%2Bc", "It", 150, out var decoded));
        Assert.Equal("a+b+c", decoded);
    }

    [Theory]
    [InlineData("a%00b", "It holds a NUL character. Leave it out.")]
    [InlineData("é", "It in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.")]
    [InlineData("%", "It in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.")]
    [InlineData("%C3", "It in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.")]
    [InlineData("%ED%A0%80", "It in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.")]
    [InlineData("", "It in the path is empty. Give one.")]
    public void A_bad_segment_is_explained(string segment, string problem) => Assert.Equal(problem, PathSegment.Decode(segment, "It", 150, out _));

    [Theory]
    [InlineData("/a?b", "/a?b")]
    [InlineData("http://host:5080/a%2Fb?c=http://d", "/a%2Fb?c=http://d")]
    [InlineData("HTTPS://host", "/")]
    [InlineData("http://host?x=1", "/?x=1")]
    [InlineData("*", "*")]
    public void A_target_is_brought_to_origin_form(string target, string originForm) => Assert.Equal(originForm, RawTarget.ToOriginForm(target));

    private static bool IsIdentifier(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
