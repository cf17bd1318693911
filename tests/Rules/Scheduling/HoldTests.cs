using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class HoldTests
{
    private static readonly HeadState _held = HeadState.Of(LimitClass.Track) with { IsHeld = true };
    private static readonly HeadState _heldAndEmpty = HeadState.Empty with { IsHeld = true };

    private readonly SchedulerHarness _harness = new(change: settings => settings with { OnDeadLetter = DeadLetterPolicy.Hold });

    [Fact]
    public void A_customer_that_is_held_gets_no_permit_and_needs_no_timer()
    {
        Hold("a");

        _harness.Pass(3_600);
        _harness.Scheduler.OnFound("a", SchedulerHarness.Head);

        Assert.Null(_harness.Next());
        Assert.Null(_harness.Scheduler.NextGrantIn());
        Assert.Equal((1, 0, 0, 0), (_harness.Scheduler.Status.Held, _harness.Scheduler.Status.Ready, _harness.Scheduler.Status.WaitingForRetry, _harness.Scheduler.InFlight));
        Assert.Equal(CustomerActivity.Held, _harness.Scheduler.Explain("a", LimitClass.Track).Activity);
        Assert.True(_harness.Scheduler.Knows("a"));
    }

    [Fact]
    public void A_customer_that_is_held_with_an_empty_queue_is_known_too()
    {
        _harness.Work("a");
        _harness.All(new DeliveryOutcome.Rejected(400, _heldAndEmpty));

        _harness.Scheduler.OnFound("a", SchedulerHarness.Head);

        Assert.Null(_harness.Next());
        Assert.Equal(1, _harness.Scheduler.Status.Held);
    }

    [Fact]
    public void The_end_of_a_hold_is_reported_and_the_customer_goes_on_and_any_activation_reads_its_queue_again()
    {
        Hold("a");

        _harness.Scheduler.OnHeadChanged("a", SchedulerHarness.Head);

        Assert.Equal(Guid.Empty, Assert.IsType<Grains.Scheduling.Grant.ToCustomer>(_harness.Scheduler.TryGrant()).LastActivation);
    }

    [Fact]
    public void A_hint_ends_a_hold_because_a_customer_that_knows_of_its_hold_sends_none()
    {
        Hold("a");

        _harness.Work("a");

        Assert.Equal("a", _harness.Next());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_of_a_hold_that_overtakes_the_report_of_the_hold_is_not_lost(bool isUnused)
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnHeadChanged("a", SchedulerHarness.Head);

        _harness.Scheduler.OnOutcome("a", isUnused ? SchedulerHarness.Unused(UnusedReason.Held, _held) : new DeliveryOutcome.Rejected(400, _held));

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void A_new_owner_is_told_who_is_held_and_grants_them_no_permits()
    {
        _harness.Scheduler.OnHeldCustomers(new HashSet<string> { "a", "b" });

        _harness.Scheduler.OnFound("a", SchedulerHarness.Head);
        _harness.Scheduler.OnFound("c", SchedulerHarness.Head);

        Assert.Equal(["c"], _harness.All());
        Assert.Equal(2, _harness.Scheduler.Status.Held);
    }

    [Fact]
    public void A_customer_that_is_not_held_any_more_gets_a_permit_although_its_report_was_lost()
    {
        Hold("a");
        Hold("b");

        _harness.Scheduler.OnHeldCustomers(new HashSet<string> { "b" });

        Assert.Equal(["a"], _harness.All());
    }

    [Fact]
    public void A_report_of_holds_that_is_old_takes_no_work_away()
    {
        _harness.Work("ready", "in flight");
        Assert.Equal("ready", _harness.Next());
        _harness.Scheduler.OnOutcome("ready", SchedulerHarness.DeliveredMore);
        Assert.Equal("in flight", _harness.Next());

        _harness.Scheduler.OnHeldCustomers(new HashSet<string> { "ready", "in flight" });
        _harness.Scheduler.OnOutcome("in flight", SchedulerHarness.DeliveredMore);

        Assert.Equal(["ready", "in flight"], _harness.All());
    }

    [Fact]
    public void Attempts_that_are_used_up_hold_too()
    {
        var harness = new SchedulerHarness(change: settings => settings with { Retry = settings.Retry with { MaxRetries = 0 } });
        harness.OthersSucceed();
        harness.Work("a");
        harness.All();
        harness.OthersSucceed();
        Assert.IsType<Grains.Scheduling.HeadChange.MakeDeadLetter>(harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed()));

        harness.Scheduler.OnDeadLetterMade("a", _held);

        Assert.Null(harness.Next());
        Assert.Equal((1, 0), (harness.Scheduler.Status.Held, harness.Scheduler.InFlight));
    }

    private void Hold(string customer)
    {
        _harness.Work(customer);
        Assert.Equal(customer, _harness.Next());
        _harness.Scheduler.OnOutcome(customer, new DeliveryOutcome.Rejected(400, _held));
    }
}
