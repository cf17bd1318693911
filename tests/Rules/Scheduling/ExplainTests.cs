using CioOrleans.Attempts;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class ExplainTests
{
    private readonly SchedulerHarness _harness = new(permits: 1);

    [Fact]
    public void Somebody_who_is_unknown_is_idle() => Assert.Equal((CustomerActivity.Idle, null, null), Of("a") is var a ? (a.Activity, a.Ahead, a.DueIn) : default);

    [Fact]
    public void Whoever_is_ready_stands_behind_those_who_came_before()
    {
        _harness.Work("a", "b", "c");

        Assert.Equal((CustomerActivity.Ready, 0, 3), Of("a") is var a ? (a.Activity, a.Ahead, a.ReadyInLimit) : default);
        Assert.Equal(2, Of("c").Ahead);

        Assert.Equal("a", _harness.Next());
        Assert.Equal(CustomerActivity.InFlight, Of("a").Activity);
        Assert.Equal((1, 2), Of("c") is var c ? (c.Ahead, c.ReadyInLimit) : default);
    }

    [Fact]
    public void A_failed_head_is_due_after_its_back_off()
    {
        var wide = new SchedulerHarness();
        wide.Work("a");
        Assert.Equal("a", wide.Next());
        wide.OthersSucceed();
        wide.Scheduler.OnOutcome("a", SchedulerHarness.Failed(FailureKind.ServerError));

        var standing = wide.Scheduler.Explain("a", LimitClass.Track);
        Assert.Equal((CustomerActivity.Waiting, TimeSpan.FromSeconds(1)), (standing.Activity, standing.DueIn));
    }

    [Fact]
    public void A_pause_and_an_outage_are_told()
    {
        var wide = new SchedulerHarness();
        wide.BreakDown();
        wide.Scheduler.Pause("maintenance");

        var standing = wide.Scheduler.Explain("a", LimitClass.Track);
        Assert.Equal(("maintenance", "Customer.io fails for everybody, probing (503)", false), (standing.OperatorPause, standing.Trouble, standing.IsMisconfigured));
    }

    private CustomerStanding Of(string customer) => _harness.Scheduler.Explain(customer, LimitClass.Track);
}
