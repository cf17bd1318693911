using CioOrleans.Attempts;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class PauseTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void An_operators_pause_stops_everything_until_it_is_resumed()
    {
        _harness.Work("a");
        _harness.Scheduler.RequestPassThrough(1, LimitClass.Query);
        _harness.Scheduler.Pause("maintenance");

        Assert.Null(_harness.Scheduler.TryGrant());
        Assert.Null(_harness.Scheduler.NextGrantIn());
        Assert.Equal((true, "maintenance"), (_harness.Scheduler.Status.IsPaused, _harness.Scheduler.Status.PauseReason));

        _harness.Scheduler.Resume();

        Assert.NotNull(_harness.Scheduler.TryGrant());
        Assert.False(_harness.Scheduler.Status.IsPaused);
    }

    [Fact]
    public void Resuming_ends_an_outage_and_the_pause_after_a_429_too()
    {
        _harness.BreakDown();
        _harness.Pass(2);
        _harness.Scheduler.OnOutcome(_harness.Next()!, new DeliveryOutcome.Throttled());
        _harness.Scheduler.Resume();

        Assert.Equal(5, _harness.All().Count);
    }

    [Fact]
    public void Wrong_settings_stop_all_customers_and_are_probed_once_a_minute()
    {
        _harness.Work("a", "b", "c");
        Assert.Equal("a", _harness.Next());
        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Misconfigured(401, "401: the key is wrong")));

        Assert.Equal((true, "401: the key is wrong"), (_harness.Scheduler.Status.IsPaused, _harness.Scheduler.Status.PauseReason));
        Assert.Null(_harness.Next());
        Assert.Equal(TimeSpan.FromMinutes(1), _harness.Scheduler.NextGrantIn());

        _harness.Pass(60);
        Assert.Equal(["b"], _harness.All(new DeliveryOutcome.Misconfigured(401, "still")));

        _harness.Pass(60);
        Assert.Equal(["c"], _harness.All(SchedulerHarness.Failed()));

        _harness.Pass(60);
        Assert.Equal(("a", LimitClass.Track, true), _harness.DispatchToCustomer());
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.DeliveredMore);

        Assert.Equal(["b", "c", "a"], _harness.All());
    }

    [Fact]
    public void A_success_that_was_under_way_does_not_prove_the_settings_right()
    {
        _harness.Work("a", "b");
        _harness.All();
        _harness.Pass(0.1);
        _harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Misconfigured(401, "401"));
        _harness.Scheduler.OnOutcome("b", SchedulerHarness.Delivered);

        Assert.True(_harness.Scheduler.Status.IsPaused);
    }
}
