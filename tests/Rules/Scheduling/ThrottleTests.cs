using CioOrleans.Attempts;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class ThrottleTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_429_stops_its_limit_group_alone_and_its_customer_goes_first_afterwards()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Work("b");
        var throttled = new DeliveryOutcome.Throttled { Signal = RateLimitSignal.None with { RetryAfter = TimeSpan.FromSeconds(5), Ignored = 2 } };

        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("a", throttled));
        Assert.Null(_harness.Next());
        Assert.Equal(TimeSpan.FromSeconds(5), _harness.Scheduler.NextGrantIn());

        _harness.Scheduler.OnWork("page", HeadState.Of(LimitClass.Page));
        Assert.Equal("page", _harness.Next());

        _harness.Pass(5);
        Assert.Equal(["a", "b"], _harness.All());

        var status = _harness.Scheduler.Status;
        Assert.Equal((1, 2), (status.Counters.Throttled, status.Counters.IgnoredHeaders));
        Assert.Equal(50_000, status.Limits[0].Rate);
        Assert.Equal(100_000, status.Limits[1].Rate);
    }

    [Fact]
    public void A_success_that_says_nothing_remains_stops_the_group_until_the_reset()
    {
        _harness.Work("a", "b");
        Assert.Equal("a", _harness.Next());
        var signal = new RateLimitSignal(null, 0, _harness.Time.GetUtcNow().AddSeconds(3), 0);
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered with { Signal = signal });

        Assert.Equal(TimeSpan.FromSeconds(3), _harness.Scheduler.NextGrantIn());
        Assert.Equal(_harness.Time.GetUtcNow().AddSeconds(3), _harness.Scheduler.Status.Limits[0].PausedUntil);
        Assert.Null(_harness.Next());
    }

    [Fact]
    public void An_empty_group_holds_up_no_other()
    {
        var harness = new SchedulerHarness(permits: 1);
        harness.Work("a", "b");
        Assert.Equal(["a"], harness.All());

        harness.Scheduler.OnWork("page", HeadState.Of(LimitClass.Page));

        Assert.Equal(["page"], harness.All());
    }
}
