using System.Globalization;
using CioOrleans.Delivery;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.RateLimiting;

public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_response_without_these_headers_says_nothing() =>
        Assert.Same(RateLimitSignal.None, RateLimitHeaders.Parse(null, null, null, _now));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData(" 7 ", 7)]
    [InlineData("3600", 3600)]
    [InlineData("3601", 3600)]
    [InlineData("86400", 3600)]
    [InlineData("Wed, 04 Mar 2026 12:00:09 GMT", 9)]
    [InlineData("Wednesday, 04-Mar-26 12:00:09 GMT", 9)]
    [InlineData("Wed Mar  4 12:00:09 2026", 9)]
    [InlineData("Wed, 04 Mar 2026 18:00:00 GMT", 3600)]
    public void Retry_after_is_read_as_seconds_or_as_a_date_and_never_longer_than_an_hour(string value, int seconds) =>
        Assert.Equal(new RateLimitSignal(TimeSpan.FromSeconds(seconds), null, null, 0), RateLimitHeaders.Parse(value, null, null, _now));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("NaN")]
    [InlineData("99999999999999999999999999")]
    [InlineData("Wed, 04 Mar 2026 11:59:59 GMT")]
    [InlineData("Wed, 99 Mar 2026 11:59:59 GMT")]
    public void Nonsense_in_retry_after_is_ignored_and_counted(string value) =>
        Assert.Equal(new RateLimitSignal(null, null, null, 1), RateLimitHeaders.Parse(value, null, null, _now));

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("99", 99, 0)]
    [InlineData("-1", null, 1)]
    [InlineData("many", null, 1)]
    [InlineData("1e3", null, 1)]
    [InlineData("99999999999", null, 1)]
    public void Remaining_is_a_number_of_requests(string value, int? remaining, int ignored) =>
        Assert.Equal(new RateLimitSignal(null, remaining, null, ignored), RateLimitHeaders.Parse(null, value, null, _now));

    [Theory]
    [InlineData(30, 0)]
    [InlineData(-30, 0)]
    [InlineData(3600, 0)]
    [InlineData(3601, 1)]
    [InlineData(-3601, 1)]
    public void Reset_is_a_moment_within_an_hour(int secondsFromNow, int ignored)
    {
        var reset = _now.AddSeconds(secondsFromNow);
        var value = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        Assert.Equal(new RateLimitSignal(null, null, ignored == 0 ? reset : null, ignored), RateLimitHeaders.Parse(null, null, value, _now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-5")]
    [InlineData("tomorrow")]
    [InlineData("9223372036854775807")]
    public void Nonsense_in_reset_is_ignored_and_counted(string value) =>
        Assert.Equal(new RateLimitSignal(null, null, null, 1), RateLimitHeaders.Parse(null, null, value, _now));

    [Fact]
    public void Every_header_that_is_nonsense_counts() =>
        Assert.Equal(new RateLimitSignal(null, null, null, 3), RateLimitHeaders.Parse("x", "y", "z", _now));

    [Fact]
    public void The_headers_of_a_response_are_found()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", "5");
        response.Headers.TryAddWithoutValidation("x-ratelimit-remaining", "0");

        Assert.Equal(new RateLimitSignal(TimeSpan.FromSeconds(5), 0, null, 0), RateLimitHeaders.Parse(response.Headers, _now));
    }

    [Fact]
    public void No_text_makes_it_throw_or_pause_for_more_than_an_hour() =>
        Gen.Select(_text, _text, _text).Sample((retryAfter, remaining, reset) =>
        {
            var signal = RateLimitHeaders.Parse(retryAfter, remaining, reset, _now);

            Assert.InRange(signal.RetryAfter ?? TimeSpan.Zero, TimeSpan.Zero, RateLimitHeaders.Longest);
            Assert.InRange(signal.Remaining ?? 0, 0, int.MaxValue);
            Assert.InRange(signal.ResetAt ?? _now, _now - RateLimitHeaders.Longest, _now + RateLimitHeaders.Longest);
            Assert.Equal(3, new object?[] { signal.RetryAfter, signal.Remaining, signal.ResetAt }.Count(v => v is not null) + signal.Ignored);
        });

    private static readonly Gen<string> _text = Gen.OneOf(Gen.String, Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture)), Gen.Double.Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
