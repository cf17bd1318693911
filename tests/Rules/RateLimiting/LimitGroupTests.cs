using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.RateLimiting;

public sealed class LimitGroupTests
{
    private static readonly DateTimeOffset _utc = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_request_needs_a_token_of_every_limit()
    {
        var group = Open(new RateLimit(2, TimeSpan.FromSeconds(1)), new RateLimit(3, TimeSpan.FromSeconds(10)));

        Assert.Equal(2, TakeAll(group, At(100)));
        ReturnAll(group, 2, At(100));
        Assert.Equal(1, TakeAll(group, At(104)));
        ReturnAll(group, 1, At(104));

        Assert.Equal(At(110), group.NextAt(At(104)));
    }

    [Fact]
    public void When_all_tokens_are_on_their_way_only_a_response_can_bring_one()
    {
        var group = Open(new RateLimit(1, TimeSpan.FromSeconds(1)));
        Assert.True(group.TryTake(At(100)));

        Assert.Null(group.NextAt(At(200)));
        Assert.False(group.TryTake(At(200)));
    }

    [Theory]
    [InlineData(0, 110)]
    [InlineData(1, 115)]
    [InlineData(2, 120)]
    [InlineData(5, 135)]
    public void An_estimate_counts_the_requests_ahead(int ahead, int expected)
    {
        var group = Open(new RateLimit(2, TimeSpan.FromSeconds(10)));
        group.TryTake(At(100));
        group.Return(At(100), At(100), At(100));
        group.TryTake(At(105));
        group.Return(At(105), At(105), At(105));

        Assert.Equal(At(expected), group.EstimateFor(ahead, At(105)));
    }

    [Fact]
    public void An_estimate_is_not_before_the_end_of_a_pause_nor_before_a_window_after_a_request_in_flight()
    {
        var group = Open(new RateLimit(1, TimeSpan.FromSeconds(10)));
        Assert.True(group.TryTake(At(100)));

        Assert.Equal(At(111), group.EstimateFor(0, At(101)));
        group.OnThrottled(At(100), TimeSpan.FromSeconds(45), At(101));
        Assert.Equal(At(146), group.EstimateFor(0, At(101)));
    }

    [Fact]
    public void A_pacer_spreads_the_tokens()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));

        Assert.Equal(2, TakeAll(group, At(100)));
        Assert.InRange(group.NextAt(At(100))!.Value, At(100.009), At(100.01));
        Assert.Equal(98, group.StatusAt(At(100), _utc).Tokens);
    }

    [Fact]
    public void An_unused_permit_gives_back_its_tokens_and_its_place()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        TakeAll(group, At(100));
        group.Refund(At(100), At(100));

        Assert.True(group.TryTake(At(100)));
        Assert.Equal(98, group.StatusAt(At(100), _utc).Tokens);
    }

    [Theory]
    [InlineData(7.0, 107)]
    [InlineData(null, 160)]
    public void A_429_stops_the_group_for_as_long_as_it_says_or_a_minute(double? retryAfter, int resumesAt)
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnThrottled(At(99), retryAfter is { } s ? TimeSpan.FromSeconds(s) : null, At(100));

        Assert.Equal(At(resumesAt), group.NextAt(At(100)));
        Assert.False(group.TryTake(At(resumesAt - 0.001)));
        Assert.True(group.TryTake(At(resumesAt)));
    }

    [Fact]
    public void A_shorter_pause_does_not_end_a_longer_one()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnThrottled(At(99), TimeSpan.FromSeconds(30), At(100));
        group.OnThrottled(At(99), TimeSpan.FromSeconds(1), At(101));

        Assert.Equal(At(130), group.PausedUntil);
    }

    [Fact]
    public void Nothing_remaining_stops_the_group_until_the_reset()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnSignal(new RateLimitSignal(null, 0, _utc + TimeSpan.FromSeconds(4), 0), At(100), _utc);

        Assert.Equal(At(104), group.NextAt(At(100)));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(null, 4)]
    [InlineData(0, -4)]
    [InlineData(0, null)]
    public void A_response_that_leaves_something_or_names_no_time_to_come_stops_nothing(int? remaining, int? resetIn)
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnSignal(new RateLimitSignal(null, remaining, resetIn is { } s ? _utc + TimeSpan.FromSeconds(s) : null, 0), At(100), _utc);

        Assert.True(group.TryTake(At(100)));
    }

    [Fact]
    public void After_a_429_the_group_goes_on_at_half_its_rate()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnThrottled(At(99), TimeSpan.FromSeconds(5), At(100));

        Assert.Equal((50, _utc + TimeSpan.FromSeconds(5)), Rate(group, At(100)));
        Assert.Equal((50, null), Rate(group, At(105)));
        Assert.Equal((100, null), Rate(group, At(110)));
    }

    [Fact]
    public void Its_status_names_classes_and_limits()
    {
        var status = Open(new RateLimit(1_000, TimeSpan.FromSeconds(1)), new RateLimit(3_000, TimeSpan.FromSeconds(3))).StatusAt(At(100), _utc);

        Assert.Equal([LimitClass.Identify, LimitClass.Track], status.Classes);
        Assert.Equal("1000/1s, 3000/3s", status.Limits);
        Assert.Equal(1_000, status.Tokens);
    }

    [Fact]
    public void Resuming_ends_the_pause()
    {
        var group = Open(new RateLimit(100, TimeSpan.FromSeconds(1)));
        group.OnThrottled(At(99), null, At(100));
        group.Resume();

        Assert.True(group.TryTake(At(100)));
    }

    private static LimitGroup Open(params RateLimit[] limits)
    {
        var settings = new LimitGroupSettings([LimitClass.Identify, LimitClass.Track], limits);
        var group = new LimitGroup(settings, limit => new TokenBucket(limit, TokenReturn.AfterResponse));
        group.Start(At(0));
        return group;
    }

    private static int TakeAll(LimitGroup group, TimeSpan now)
    {
        var taken = 0;
        while (group.TryTake(now))
        {
            taken++;
        }

        return taken;
    }

    private static void ReturnAll(LimitGroup group, int count, TimeSpan at)
    {
        for (var i = 0; i < count; i++)
        {
            group.Return(at, at, at);
        }
    }

    private static (double Rate, DateTimeOffset? PausedUntil) Rate(LimitGroup group, TimeSpan now)
    {
        var status = group.StatusAt(now, _utc);
        return (Math.Round(status.Rate, 6), status.PausedUntil);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
