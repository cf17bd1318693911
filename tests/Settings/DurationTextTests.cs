using CioOrleans.Grains.Configuration;
using CsCheck;

namespace CioOrleans.Settings.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("1s", "00:00:01")]
    [InlineData("250ms", "00:00:00.250")]
    [InlineData("2m", "00:02:00")]
    [InlineData("1h", "01:00:00")]
    [InlineData("1.5s", "00:00:01.5")]
    [InlineData(" 10 S ", "00:00:10")]
    [InlineData("0s", "00:00:00")]
    [InlineData("00:00:01", "00:00:01")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    public void A_duration_is_read(string text, string expected)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("-1s")]
    [InlineData("-00:00:01")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData("1us")]
    [InlineData("1 day")]
    [InlineData("24:00:00")]
    [InlineData("0.00001ms")]
    [InlineData("99999999999999999999h")]
    [InlineData("9999999999999999999999999999999999999999s")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("00:00:00", "0s")]
    [InlineData("00:00:01", "1s")]
    [InlineData("00:00:00.250", "250ms")]
    [InlineData("00:01:30", "90s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("1.00:00:00", "24h")]
    [InlineData("00:00:00.0000001", "00:00:00.0000001")]
    public void A_duration_is_written_in_its_largest_whole_unit(string duration, string expected) =>
        Assert.Equal(expected, DurationText.Format(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void What_was_written_is_read_as_the_same_duration() =>
        Gen.OneOf(
            Gen.Long[0, TimeSpan.MaxValue.Ticks],
            Gen.Long[0, 100_000].Select(ms => ms * TimeSpan.TicksPerMillisecond),
            Gen.Long[0, 100_000].Select(s => s * TimeSpan.TicksPerSecond))
            .Select(TimeSpan.FromTicks)
            .Sample(duration => DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration);
}
