using CioOrleans.Attempts;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class OutageTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void When_everything_fails_only_a_probe_goes_every_two_seconds_in_turn()
    {
        _harness.BreakDown();

        Assert.Equal((true, "Customer.io fails for everybody, probing (503)", 1), Pause());
        Assert.Null(_harness.Next());
        Assert.Equal(TimeSpan.FromSeconds(2), _harness.Scheduler.NextGrantIn());

        _harness.Pass(2);
        Assert.Equal(("e", LimitClass.Track, true), _harness.DispatchToCustomer());
        Assert.Null(_harness.Next());

        // It hangs; the next one goes nevertheless.
        _harness.Pass(2);
        Assert.Equal(("a", LimitClass.Track, true), _harness.DispatchToCustomer());
    }

    [Fact]
    public void In_an_outage_no_attempt_is_counted()
    {
        _harness.OthersSucceed();
        _harness.BreakDown();
        for (var probe = 0; probe < 1_000; probe++)
        {
            _harness.Pass(2);
            Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome(_harness.Next()!, SchedulerHarness.Failed(attempts: 5)));
        }
    }

    [Fact]
    public void The_first_success_ends_it_and_everybody_goes_on_at_once()
    {
        _harness.BreakDown();
        _harness.Pass(4);
        var probe = _harness.Next()!;
        _harness.Scheduler.OnOutcome(probe, SchedulerHarness.DeliveredMore);

        Assert.Equal((false, null, 1), Pause());
        Assert.Equal(["a", "b", "c", "d", "e"], _harness.All().Order());
    }

    [Fact]
    public void A_rejected_call_shows_too_that_it_is_over()
    {
        _harness.BreakDown();
        _harness.Pass(2);
        _harness.Scheduler.OnOutcome(_harness.Next()!, new DeliveryOutcome.Rejected(400, SchedulerHarness.Head));

        Assert.False(_harness.Scheduler.Status.IsPaused);
    }

    [Fact]
    public void Two_customers_whose_calls_fail_are_no_outage()
    {
        _harness.Work("a", "b");
        for (var i = 0; i < 20; i++)
        {
            _harness.All(SchedulerHarness.Failed());
            _harness.Pass(4);
        }

        Assert.False(_harness.Scheduler.Status.IsPaused);
    }

    [Fact]
    public void Without_anybody_to_probe_with_the_next_one_that_comes_is_the_probe()
    {
        _harness.BreakDown();
        _harness.Pass(2);
        var first = _harness.Next()!;
        _harness.Scheduler.OnOutcome(first, SchedulerHarness.Failed());

        Assert.Equal(TimeSpan.FromSeconds(2), _harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void Live_callers_are_forwarded_in_an_outage()
    {
        _harness.BreakDown();
        _harness.Scheduler.RequestPassThrough(1, LimitClass.Query);

        Assert.Equal(TimeSpan.Zero, _harness.Scheduler.NextGrantIn());
        Assert.Equal(new Grant.PassThrough(1, LimitClass.Query), _harness.Scheduler.TryGrant());
    }

    private (bool IsPaused, string? Reason, long Outages) Pause()
    {
        var status = _harness.Scheduler.Status;
        return (status.IsPaused, status.PauseReason, status.Counters.Outages);
    }
}
