using CioOrleans.Attempts;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>A send whose outcome is unknown has ended: what follows it in its queue is not charged with it.</summary>
public sealed class UnknownOutcomeTests
{
    private static readonly HeadState _next = HeadState.Of(LimitClass.Track);

    [Fact]
    public void The_call_behind_a_send_of_unknown_outcome_may_go_at_once()
    {
        var harness = new SchedulerHarness();
        harness.OthersSucceed();
        harness.Work("a");
        Assert.Equal("a", harness.Next());

        var change = harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Unknown(FailureKind.TimedOut, "10 s", _next));

        Assert.Same(HeadChange.None.Instance, change);
        Assert.Equal("a", harness.Next());
    }

    [Fact]
    public void A_customer_with_nothing_behind_it_is_forgotten()
    {
        var harness = new SchedulerHarness();
        harness.Work("a");
        harness.Next();

        harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Unknown(FailureKind.ServerError, "500", HeadState.Empty));

        Assert.Null(harness.Next());
        Assert.Equal(0, harness.Scheduler.InFlight);
    }

    [Fact]
    public void Its_token_comes_back_as_that_of_a_request_that_was_sent()
    {
        var harness = new SchedulerHarness(permits: 1);
        harness.Work("a", "b");
        Assert.Equal("a", harness.Next());

        harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Unknown(FailureKind.TimedOut, "10 s", HeadState.Empty));

        Assert.Null(harness.Next());
        harness.Pass(1.1);
        Assert.Equal("b", harness.Next());
    }

    [Fact]
    public void Five_customers_whose_sends_end_so_are_an_outage()
    {
        var harness = new SchedulerHarness();
        harness.Work("a", "b", "c", "d", "e");
        foreach (var customer in harness.All())
        {
            harness.Scheduler.OnOutcome(customer, new DeliveryOutcome.Unknown(FailureKind.ServerError, "503", _next));
        }

        Assert.Empty(harness.All());
        harness.Pass(2);
        Assert.Single(harness.All());
    }
}
