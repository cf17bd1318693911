using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.RateLimiting;

public sealed class PacerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(100, 2)]
    [InlineData(150, 3)]
    [InlineData(1_000, 20)]
    [InlineData(3_000, 60)]
    public void The_burst_is_two_per_cent_of_the_permits_and_at_least_two(int permits, int burst) =>
        Assert.Equal(burst, new Pacer(new RateLimit(permits, _second)).Burst);

    [Fact]
    public void After_a_pause_a_burst_may_leave_at_once_and_then_one_every_interval()
    {
        var pacer = new Pacer(new RateLimit(100, _second));
        var now = TimeSpan.FromSeconds(10);

        pacer.Take(now, rate: 1);
        Assert.True(pacer.NextAt <= now);

        pacer.Take(now, rate: 1);
        Assert.Equal(now + pacer.Interval, pacer.NextAt);

        pacer.Take(now + pacer.Interval, rate: 1);
        Assert.Equal(now + (2 * pacer.Interval), pacer.NextAt);
    }

    [Fact]
    public void Lateness_within_the_burst_costs_no_rate()
    {
        var pacer = new Pacer(new RateLimit(1_000, _second));
        var (now, taken) = (TimeSpan.FromSeconds(10), 0);
        var end = now + _second;
        for (; now < end; now += TimeSpan.FromMilliseconds(3))
        {
            for (; pacer.NextAt <= now; taken++)
            {
                pacer.Take(now, rate: 1);
            }
        }

        Assert.InRange(taken, 1_050, 1_050 + pacer.Burst);
    }

    [Fact]
    public void At_half_the_rate_the_interval_is_twice_as_long()
    {
        var pacer = new Pacer(new RateLimit(100, _second));
        var now = TimeSpan.FromSeconds(10);

        pacer.Take(now, rate: 0.5);
        pacer.Take(now, rate: 0.5);

        Assert.Equal(now + (3 * pacer.Interval), pacer.NextAt);
    }

    [Fact]
    public void A_refund_gives_the_place_back()
    {
        var pacer = new Pacer(new RateLimit(100, _second));
        var now = TimeSpan.FromSeconds(10);
        pacer.Take(now, rate: 1);
        var before = pacer.NextAt;

        pacer.Take(now, rate: 1);
        pacer.Refund();

        Assert.Equal(before, pacer.NextAt);
    }

    [Fact]
    public void The_tightest_limit_is_the_one_with_the_longest_interval()
    {
        var pacer = Pacer.ForTightest([new RateLimit(10, _second), new RateLimit(20, TimeSpan.FromSeconds(4))]);

        Assert.Equal(new Pacer(new RateLimit(20, TimeSpan.FromSeconds(4))).Interval, pacer.Interval);
    }

    [Fact]
    public void In_any_stretch_of_time_no_more_than_its_share_and_a_burst_leave() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 30].Array[1, 300]).Sample((permits, pauses) =>
        {
            var pacer = new Pacer(new RateLimit(permits, _second));
            var now = TimeSpan.FromSeconds(1);
            var left = new List<TimeSpan>();
            foreach (var pause in pauses)
            {
                now += TimeSpan.FromMilliseconds(pause);
                now = pacer.NextAt > now ? pacer.NextAt : now;
                pacer.Take(now, rate: 1);
                left.Add(now);
            }

            for (var i = pacer.Burst; i < left.Count; i++)
            {
                Assert.True(left[i] - left[i - pacer.Burst] >= pacer.Interval);
            }
        });
}
