using CioOrleans.Grains.Imports;

namespace CioOrleans.Rules.Tests.Imports;

public sealed class ImportForecastTests
{
    private readonly ImportForecast _forecast = new();

    [Fact]
    public void Nothing_is_foretold_of_the_first_seconds()
    {
        Run(0, 14.75, perSecond: 1_000);

        Assert.Null(_forecast.Rate(At(14.75)));
        Assert.Null(_forecast.EndsIn(At(14.75), 10_000));
    }

    [Fact]
    public void A_steady_rate_tells_the_end()
    {
        Run(0, 16, perSecond: 1_000);

        Assert.Equal(1_000, _forecast.Rate(At(16))!.Value, 1.0);
        Assert.Equal(20, _forecast.EndsIn(At(16), 20_000)!.Value.TotalSeconds, 0.1);
        Assert.Null(_forecast.EndsIn(At(16), 0));
    }

    [Fact]
    public void A_slow_beginning_does_not_count()
    {
        Run(0, 4.75, perSecond: 20);
        Run(5, 20, perSecond: 1_000);

        Assert.Equal(1_000, _forecast.Rate(At(20))!.Value, 40.0);
    }

    [Fact]
    public void While_the_rate_still_grows_no_end_is_told()
    {
        Run(0, 9.75, perSecond: 200);
        Run(10, 19.75, perSecond: 400);
        Assert.Equal(300, _forecast.Rate(At(19.75))!.Value, 50.0);
        Assert.Null(_forecast.EndsIn(At(19.75), 10_000));

        Run(20, 23, perSecond: 1_000);
        Assert.Null(_forecast.EndsIn(At(23), 10_000));
    }

    [Fact]
    public void A_rate_that_has_come_to_rest_tells_the_end_although_it_was_lower_before()
    {
        Run(0, 9.75, perSecond: 200);
        Run(10, 40, perSecond: 1_000);

        Assert.Equal(10, _forecast.EndsIn(At(40), 10_000)!.Value.TotalSeconds, 0.5);
    }

    [Fact]
    public void After_half_a_minute_the_end_is_told_from_the_rate_of_late_though_it_still_grows()
    {
        for (var second = 0; second < 36; second++)
        {
            if (second == 34)
            {
                Assert.Null(_forecast.EndsIn(At(33.75), 58_000));
            }

            Run(second, second + 0.75, perSecond: 200 * (second + 1));
        }

        // Of the 30 s that were measured the later half: 4,400 to 7,200 a second.
        Assert.Equal(10, _forecast.EndsIn(At(35.75), 58_000)!.Value.TotalSeconds, 0.5);
    }

    [Fact]
    public void Once_told_the_end_stays_told()
    {
        Run(0, 16, perSecond: 1_000);
        Run(16.25, 30, perSecond: 300);

        Assert.NotNull(_forecast.EndsIn(At(30), 1_000));
    }

    [Fact]
    public void Only_the_last_half_minute_counts()
    {
        Run(0, 100, perSecond: 1_000);
        Run(100, 135, perSecond: 200);

        Assert.Equal(200, _forecast.Rate(At(135))!.Value, 10.0);
    }

    [Fact]
    public void While_nothing_moves_the_rate_falls_and_then_there_is_no_end()
    {
        Run(0, 20, perSecond: 1_000);

        Assert.Equal(1_000, _forecast.Rate(At(22))!.Value, 1.0);
        Assert.InRange(_forecast.Rate(At(30))!.Value, 500, 700);
        Assert.Equal(0, _forecast.Rate(At(51)));
        Assert.Null(_forecast.EndsIn(At(51), 1_000));
        Assert.Equal(At(31), _forecast.QuietFor(At(51)));
    }

    [Fact]
    public void After_a_long_silence_it_is_measured_anew()
    {
        Run(0, 20, perSecond: 1_000);
        Run(100, 104, perSecond: 20);
        Assert.Null(_forecast.Rate(At(104)));

        Run(104.25, 120, perSecond: 20);
        Assert.Equal(20, _forecast.Rate(At(120))!.Value, 1.0);
    }

    private long _settled;

    private void Run(double from, double to, int perSecond)
    {
        for (var at = from; at <= to; at += 0.25)
        {
            _settled += perSecond / 4;
            _forecast.Add(At(at), _settled);
        }
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
