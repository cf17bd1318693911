using CioOrleans.Grains.Leasing;

namespace CioOrleans.Leasing;

public sealed class ClockCheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-5)]
    public void A_clock_within_five_seconds_of_the_databases_may_join(double ahead) => Assert.Null(ClockCheck.Refuse(TimeSpan.FromSeconds(ahead)));

    [Theory]
    [InlineData(300, "This machine's clock is 300.0 s ahead of the database's; up to 5 s is allowed. Set the clock, and let NTP keep it.")]
    [InlineData(-5.1, "This machine's clock is 5.1 s behind the database's; up to 5 s is allowed. Set the clock, and let NTP keep it.")]
    public void A_clock_farther_away_is_refused_in_one_line_that_tells_the_difference(double ahead, string line) =>
        Assert.Equal(line, ClockCheck.Refuse(TimeSpan.FromSeconds(ahead)));
}
