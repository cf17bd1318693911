using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class CustomerTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_customer_has_one_call_on_its_way_however_often_it_is_announced()
    {
        _harness.Work("a", "a", "a");

        Assert.Equal(["a"], _harness.All());

        _harness.Work("a");

        Assert.Null(_harness.Next());
    }

    [Fact]
    public void A_customer_whose_queue_is_empty_is_forgotten()
    {
        _harness.Work("a");
        _harness.All(SchedulerHarness.Delivered);

        Assert.Null(_harness.Next());
        Assert.Equal((0, 0), (_harness.Scheduler.InFlight, _harness.Scheduler.Status.Ready));
    }

    [Fact]
    public void A_hint_without_work_is_no_hint()
    {
        _harness.Scheduler.OnWork("a", HeadState.Empty);

        Assert.Null(_harness.Next());
    }

    [Fact]
    public void Customers_take_turns()
    {
        _harness.Work("a", "b", "c");

        Assert.Equal(["a", "b", "c"], _harness.All(SchedulerHarness.DeliveredMore));
        Assert.Equal(["a", "b", "c"], _harness.All(SchedulerHarness.DeliveredMore));
    }

    [Fact]
    public void The_next_head_waits_in_its_own_class_and_priority()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Delivered(HeadState.Of(LimitClass.Page, CallPriority.Bulk)));

        Assert.Equal(("a", LimitClass.Page, false), _harness.DispatchToCustomer());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Work_announced_while_in_flight_survives_an_outcome_that_says_empty(bool delivered)
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnWork("a", HeadState.Of(LimitClass.Page));
        _harness.Scheduler.OnOutcome("a", delivered ? SchedulerHarness.Delivered : SchedulerHarness.Unused(UnusedReason.NothingToSend));

        Assert.Equal(("a", LimitClass.Page, false), _harness.DispatchToCustomer());

        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.NothingToSend));

        Assert.Null(_harness.Next());
    }

    [Fact]
    public void A_call_that_is_not_due_yet_waits()
    {
        _harness.Scheduler.OnWork("a", SchedulerHarness.Head with { NotBefore = _harness.Time.GetUtcNow().AddSeconds(8) });

        Assert.Null(_harness.Next());
        Assert.Equal(1, _harness.Scheduler.Status.WaitingForRetry);
        Assert.Equal(TimeSpan.FromSeconds(8), _harness.Scheduler.NextGrantIn());

        _harness.Pass(8);

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void A_moment_far_in_the_future_holds_a_call_no_longer_than_the_longest_back_off()
    {
        _harness.Scheduler.OnWork("a", SchedulerHarness.Head with { NotBefore = _harness.Time.GetUtcNow().AddDays(8) });

        Assert.Equal(TimeSpan.FromSeconds(32), _harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void A_head_of_another_class_goes_to_the_front_of_that_class()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnWork("b", HeadState.Of(LimitClass.Page));
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.ClassChanged, HeadState.Of(LimitClass.Page)));

        Assert.Equal(["a", "b"], _harness.All());
    }

    [Fact]
    public void A_merge_that_waits_is_parked_until_a_hint()
    {
        Park("a");

        Assert.Null(_harness.Next());
        Assert.Equal(1, _harness.Scheduler.Status.Parked);

        _harness.Work("a");

        Assert.Equal("a", _harness.Next());
        Assert.Equal(0, _harness.Scheduler.Status.Parked);
    }

    [Fact]
    public void A_merge_whose_hint_is_lost_is_looked_at_again_after_five_seconds()
    {
        Park("a");

        Assert.Equal(TimeSpan.FromSeconds(5), _harness.Scheduler.NextGrantIn());

        _harness.Pass(5);

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void A_hint_that_overtakes_the_parking_is_not_lost()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Work("a");
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.WaitsForMerge));

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void The_moment_of_a_parking_that_has_ended_wakes_nobody()
    {
        Park("a");
        _harness.Work("a");
        _harness.All(SchedulerHarness.Delivered);

        Assert.Null(_harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void A_permit_that_expired_is_asked_for_again()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.PermitExpired, SchedulerHarness.Head));

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void An_outbox_that_is_away_is_left_alone_for_a_second()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.OutboxUnavailable, SchedulerHarness.Head));

        AssertGoesAfterASecond();
    }

    [Fact]
    public void After_a_lost_call_the_customer_is_tried_again_in_a_second()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnLost("a");

        Assert.Equal(0, _harness.Scheduler.InFlight);
        AssertGoesAfterASecond();
    }

    [Fact]
    public void The_token_of_a_lost_call_comes_back_one_window_after_its_request_must_have_ended()
    {
        var harness = new SchedulerHarness(permits: 1);
        harness.Work("a", "b");
        Assert.Equal("a", harness.Next());
        harness.Scheduler.OnLost("a", TimeSpan.FromSeconds(8));

        Assert.Equal(0, harness.Scheduler.InFlight);
        harness.Pass(8.9);
        Assert.Null(harness.Next());
        harness.Pass(0.1);
        Assert.NotNull(harness.Next());
    }

    [Fact]
    public void A_customer_whose_silo_stops_goes_again_within_a_tenth_of_a_second()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Unused(UnusedReason.SiloStopping, HeadState.Empty));

        Assert.Null(_harness.Next());
        _harness.Pass(0.1);
        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void After_a_refused_call_the_token_is_free_at_once_and_the_customer_goes_again_within_a_tenth_of_a_second()
    {
        var harness = new SchedulerHarness();
        var tokens = harness.Scheduler.Status.Limits[0].Tokens;
        harness.Work("a");
        harness.All();
        harness.Scheduler.OnRefused("a");

        Assert.Equal((0, tokens), (harness.Scheduler.InFlight, harness.Scheduler.Status.Limits[0].Tokens));
        Assert.Null(harness.Next());
        harness.Pass(0.1);
        Assert.Equal("a", harness.Next());
    }

    [Fact]
    public void Reports_about_customers_that_are_not_in_flight_are_ignored()
    {
        _harness.Work("a");

        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed()));
        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("unknown", SchedulerHarness.Delivered));
        _harness.Scheduler.OnDeadLetterMade("a", HeadState.Empty);
        _harness.Scheduler.OnLost("a");

        Assert.Equal(["a"], _harness.All());
    }

    [Fact]
    public void No_more_requests_than_allowed_are_on_their_way()
    {
        var harness = new SchedulerHarness(maxConcurrency: 2);
        harness.Work("a", "b", "c");

        Assert.Equal(["a", "b"], harness.All());
        Assert.Null(harness.Scheduler.NextGrantIn());

        harness.Scheduler.OnOutcome("b", SchedulerHarness.Delivered);

        Assert.Equal(["c"], harness.All());
    }

    private void Park(string customer)
    {
        _harness.Work(customer);
        _harness.All();
        _harness.Scheduler.OnOutcome(customer, SchedulerHarness.Unused(UnusedReason.WaitsForMerge, SchedulerHarness.Head));
    }

    private void AssertGoesAfterASecond()
    {
        Assert.Null(_harness.Next());
        Assert.Equal(TimeSpan.FromSeconds(1), _harness.Scheduler.NextGrantIn());
        _harness.Pass(1);
        Assert.Equal("a", _harness.Next());
    }
}
