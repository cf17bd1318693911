using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Scheduling;

public sealed class HandOverTests
{
    private const int Permits = 3;
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);
    private static readonly string[] _customers = [.. Enumerable.Range(0, 20).Select(i => $"{i}")];

    [Fact]
    public void A_successor_goes_on_where_its_predecessor_stopped()
    {
        var time = new FakeTimeProvider();
        var predecessor = Started(time);
        time.Advance(_window);
        Assert.Equal(2, DispatchAll(predecessor, time, TimeSpan.Zero).Count);
        time.Advance(TimeSpan.FromMilliseconds(400));
        predecessor.StopGranting();

        var successor = NewScheduler(time);
        successor.Start(predecessor.GetSchedules(), age: TimeSpan.Zero);

        Assert.Equal(Permits - 2, successor.Status.Limits[0].Tokens);
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(Permits, successor.Status.Limits[0].Tokens);
    }

    /// <summary>A leaving silo may have passed a call on: the drain does not wait for it.</summary>
    [Fact]
    public void A_group_of_other_classes_gives_no_token_until_a_window_after_what_may_still_be_under_way()
    {
        var time = new FakeTimeProvider();
        var predecessor = Started(time);
        time.Advance(_window);
        var customer = Assert.IsType<Grant.ToCustomer>(predecessor.TryGrant()).Customer;
        predecessor.OnLost(customer, requestEndsIn: TimeSpan.FromSeconds(10));
        predecessor.StopGranting();
        var group = NewGroup(LimitClass.Identify, LimitClass.Track, LimitClass.Page);

        group.Start(predecessor.GetSchedules(), madeAt: TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(11), group.NextAt(TimeSpan.Zero));
    }

    [Fact]
    public void A_pause_is_handed_over()
    {
        var time = new FakeTimeProvider();
        var predecessor = Started(time);
        time.Advance(_window);
        var customer = Assert.IsType<Grant.ToCustomer>(predecessor.TryGrant()).Customer;
        predecessor.OnOutcome(customer, new DeliveryOutcome.Throttled { Signal = new RateLimitSignal(TimeSpan.FromSeconds(30), null, null, 0) });

        var successor = NewScheduler(time);
        successor.Start(predecessor.GetSchedules(), age: TimeSpan.Zero);

        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(30), successor.Status.Limits[0].PausedUntil);
    }

    [Theory]
    [InlineData("100/1s", new[] { "identify", "track" })]
    [InlineData("3/1s", new[] { "identify" })]
    [InlineData("3/1s", new[] { "batch", "identify", "track" })]
    [InlineData("3/1s", new[] { "page" })]
    [InlineData("3/1s", null)]
    public void A_schedule_of_other_limits_or_other_classes_gives_no_tokens(string limits, string[]? classes)
    {
        var group = NewGroup(LimitClass.Track, LimitClass.Identify);

        group.Start([new LimitSchedule(limits, 0, [[]], classes)], madeAt: TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(11), group.NextAt(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_schedule_is_found_by_its_classes_wherever_it_is_in_the_list()
    {
        var group = NewGroup(LimitClass.Track, LimitClass.Identify);

        group.Start([new LimitSchedule("3/1s", 0, [[900, 900, 900]], ["page"]), new LimitSchedule("3/1s", 0, [[500, 500]], ["identify", "track"])], madeAt: TimeSpan.FromSeconds(10));

        Assert.Equal(1, group.StatusAt(TimeSpan.FromSeconds(10), DateTimeOffset.UnixEpoch).Tokens);
        Assert.Equal(3, group.StatusAt(TimeSpan.FromSeconds(10.5), DateTimeOffset.UnixEpoch).Tokens);
    }

    [Fact]
    public void A_pause_goes_on_for_a_class_that_has_come_into_another_group()
    {
        var group = NewGroup(LimitClass.Track);

        group.Start([new LimitSchedule("3/1s", 0, [[]], ["page"]), new LimitSchedule("3/1s", 7000, [[]], ["identify", "track"])], madeAt: TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(17), group.NextAt(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void No_more_than_the_limit_arrives_in_any_window_across_hand_overs() => Gen.Int[0, 1_000_000].Sample(
        seed =>
        {
            var random = new Random(seed);
            var time = new FakeTimeProvider();
            var arrivals = new List<TimeSpan>();
            var scheduler = Started(time);
            for (var owner = 0; owner < 4; owner++)
            {
                for (var step = 0; step < 60; step++)
                {
                    arrivals.AddRange(DispatchAll(scheduler, time, TimeSpan.FromMilliseconds(random.Next(80))));
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(120)));
                }

                scheduler.StopGranting();
                var schedules = scheduler.GetSchedules();
                var gap = TimeSpan.FromMilliseconds(random.Next(700));
                time.Advance(gap);
                scheduler = NewScheduler(time);
                scheduler.Start(schedules, age: gap * random.NextDouble());
            }

            Assert.True(arrivals.Count > Permits * 10);
            for (var i = Permits; i < arrivals.Count; i++)
            {
                Assert.True(arrivals[i] - arrivals[i - Permits] >= _window, $"{Permits + 1} arrivals within {arrivals[i] - arrivals[i - Permits]}");
            }
        },
        iter: 200);

    private static LimitGroup NewGroup(params LimitClass[] classes) =>
        new(new LimitGroupSettings(classes, [new RateLimit(Permits, _window)]), limit => new TokenBucket(limit, TokenReturn.AfterResponse));

    private static WorkspaceScheduler Started(FakeTimeProvider time)
    {
        var scheduler = NewScheduler(time);
        scheduler.Start(TimeSpan.Zero);
        return scheduler;
    }

    /// <summary>Sends everything that may go; each arrives and is answered within <paramref name="latency"/>.</summary>
    private static List<TimeSpan> DispatchAll(WorkspaceScheduler scheduler, FakeTimeProvider time, TimeSpan latency)
    {
        var sent = new List<string>();
        while (scheduler.TryGrant() is Grant.ToCustomer dispatch)
        {
            sent.Add(dispatch.Customer);
        }

        time.Advance(latency);
        // Not as the time since timestamp 0: that is computed in floating point, and ticks since the year 1 lose the last seven bits.
        var arrivedAt = time.GetUtcNow() - time.Start;
        foreach (var customer in sent)
        {
            scheduler.OnOutcome(customer, new DeliveryOutcome.Delivered(HeadState.Of(LimitClass.Track)));
        }

        return [.. sent.Select(_ => arrivedAt)];
    }

    private static WorkspaceScheduler NewScheduler(FakeTimeProvider time)
    {
        var scheduler = new WorkspaceScheduler(
            new WorkspaceSettings
            {
                Name = "acme",
                SiteId = "site",
                ApiKey = "key",
                TrackUrl = new Uri("http://127.0.0.1:1"),
                AppUrl = new Uri("http://127.0.0.1:1"),
                LimitGroups = [new LimitGroupSettings(Enum.GetValues<LimitClass>(), [new RateLimit(Permits, _window)])],
            },
            time,
            new Random(1));
        foreach (var customer in _customers)
        {
            scheduler.OnWork(customer, HeadState.Of(LimitClass.Track));
        }

        return scheduler;
    }
}
