using CioOrleans.Grains.RateLimiting;

namespace CioOrleans.RateLimiting;

public sealed class SlowDownTests
{
    [Fact]
    public void Without_a_429_the_full_rate_is_used() => Assert.Equal(1, new SlowDown().ShareAt(At(100)));

    [Fact]
    public void A_429_halves_the_rate_until_the_pause_is_over_and_then_it_climbs_a_tenth_a_second()
    {
        var slowDown = new SlowDown();
        slowDown.OnThrottled(sentAt: At(99), now: At(100), resumesAt: At(160));

        Assert.Equal(0.5, slowDown.ShareAt(At(100)));
        Assert.Equal(0.5, slowDown.ShareAt(At(160)));
        Assert.Equal(0.6, slowDown.ShareAt(At(161)), precision: 9);
        Assert.Equal(1, slowDown.ShareAt(At(165)));
        Assert.Equal(1, slowDown.ShareAt(At(1_000)));
    }

    [Fact]
    public void A_volley_of_429s_counts_once()
    {
        var slowDown = new SlowDown();
        slowDown.OnThrottled(sentAt: At(99), now: At(100), resumesAt: At(160));
        slowDown.OnThrottled(sentAt: At(99), now: At(101), resumesAt: At(161));

        Assert.Equal(0.5, slowDown.ShareAt(At(161)));
    }

    [Fact]
    public void The_next_429_halves_what_has_been_climbed()
    {
        var slowDown = new SlowDown();
        slowDown.OnThrottled(sentAt: At(99), now: At(100), resumesAt: At(160));
        slowDown.OnThrottled(sentAt: At(161), now: At(162), resumesAt: At(170));

        Assert.Equal(0.35, slowDown.ShareAt(At(165)), precision: 9);
    }

    [Fact]
    public void The_rate_never_falls_below_a_sixteenth()
    {
        var slowDown = new SlowDown();
        for (var second = 100; second < 110; second++)
        {
            slowDown.OnThrottled(At(second), At(second), At(200));
        }

        Assert.Equal(1.0 / 16, slowDown.ShareAt(At(200)));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
