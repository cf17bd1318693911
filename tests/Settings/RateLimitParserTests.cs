using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.Settings.Tests;

public sealed class RateLimitParserTests
{
    private static readonly Gen<RateLimit> _limit = Gen.Select(
        Gen.Int[1, RateLimitParser.MaxPermits],
        Gen.Long[RateLimitParser.MinWindow.Ticks, RateLimitParser.MaxWindow.Ticks],
        (permits, ticks) => new RateLimit(permits, TimeSpan.FromTicks(ticks)));

    [Fact]
    public void Several_limits_stand_with_commas_between_them()
    {
        Assert.True(RateLimitParser.TryParse("1000/1s,  3000 / 3s", out var limits));
        Assert.Equal([new RateLimit(1000, TimeSpan.FromSeconds(1)), new RateLimit(3000, TimeSpan.FromSeconds(3))], limits);
        Assert.Equal("1000/1s, 3000/3s", RateLimitParser.Format(limits));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100/")]
    [InlineData("/1s")]
    [InlineData("100/1")]
    [InlineData("0/1s")]
    [InlineData("-1/1s")]
    [InlineData("1.5/1s")]
    [InlineData("100001/1s")]
    [InlineData("100/9ms")]
    [InlineData("100/61m")]
    [InlineData("100/1s,")]
    [InlineData("100/1s, 50/1000ms")]
    [InlineData("100/1s/2s")]
    public void What_is_no_limit_is_refused(string? text)
    {
        Assert.False(RateLimitParser.TryParse(text, out var limits));
        Assert.Null(limits);
    }

    [Fact]
    public void What_was_written_is_read_as_the_same_limits() =>
        _limit.List[1, 4]
            .Select(limits => limits.DistinctBy(limit => limit.Window).ToList())
            .Sample(limits => RateLimitParser.TryParse(RateLimitParser.Format(limits), out var read) && read.SequenceEqual(limits));
}
