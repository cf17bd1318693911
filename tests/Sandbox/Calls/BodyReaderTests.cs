using System.Text;

namespace CioOrleans.Sandbox.Calls;

public sealed class BodyReaderTests
{
    [Theory]
    [InlineData("""{"seq":7}""", 7L)]
    [InlineData("""{"name":"x","data":{"a":{"seq":1},"seq":8}}""", 8L)]
    [InlineData("""{"attributes":{"seq":9}}""", 9L)]
    [InlineData("""{"data":{"seq":1},"seq":2}""", 2L)]
    [InlineData("""{"seq":2,"data":{"seq":1}}""", 2L)]
    [InlineData("""{"seq":"7"}""", null)]
    [InlineData("""{"seq":1.5}""", null)]
    [InlineData("""{"seq":{"seq":1}}""", null)]
    [InlineData("""{"other":{"seq":1},"data":[{"seq":1}]}""", null)]
    public void The_seq_is_found_at_the_top_or_in_data_or_attributes(string body, long? seq) => Assert.Equal(seq, Read(body).Seq);

    [Theory]
    [InlineData("", BodyShape.Empty)]
    [InlineData("null", BodyShape.Null)]
    [InlineData("{}", BodyShape.Object)]
    [InlineData(" {} \n", BodyShape.Object)]
    [InlineData("[{}]", BodyShape.Other)]
    [InlineData("1", BodyShape.Other)]
    [InlineData("{", BodyShape.Malformed)]
    [InlineData("{}{}", BodyShape.Malformed)]
    [InlineData("""{"a":1,}""", BodyShape.Malformed)]
    [InlineData("nul", BodyShape.Malformed)]
    [InlineData("   ", BodyShape.Malformed)]
    public void The_shape_is_told(string body, object shape) => Assert.Equal(shape, Read(body).Shape);

    [Fact]
    public void An_event_is_described()
    {
        var facts = Read("""{"type":"page","name":"über","id":"01H","timestamp":1700000000,"anonymous_id":"n1","data":{"seq":3, "x":"y"}}""");

        Assert.True(facts.IsView);
        Assert.Equal(5, facts.NameLength);
        Assert.Equal("n1", facts.AnonymousId);
        Assert.Equal("""{"seq":3, "x":"y"}""".Length, facts.DataLength);
        Assert.Equal(BodyReader.Hash("01H"u8), facts.Id);
        Assert.Equal(BodyReader.Hash("1700000000"u8), facts.Timestamp);
    }

    [Fact]
    public void A_body_without_id_and_timestamp_has_none()
    {
        var facts = Read("""{"name":"x"}""");

        Assert.Equal((0UL, 0UL), (facts.Id, facts.Timestamp));
        Assert.False(facts.IsView);
    }

    [Fact]
    public void The_timestamp_of_an_identify_counts_too() =>
        Assert.Equal(BodyReader.Hash("17"u8), Read("""{"_timestamp":17}""").Timestamp);

    private static BodyFacts Read(string body) => BodyReader.Read(Encoding.UTF8.GetBytes(body));
}
