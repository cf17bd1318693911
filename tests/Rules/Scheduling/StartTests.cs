using CioOrleans.Attempts;

namespace CioOrleans.Scheduling;

public sealed class StartTests
{
    [Fact]
    public void Nothing_is_granted_before_the_start()
    {
        var harness = new SchedulerHarness(start: false);
        harness.Work("a");
        harness.Pass(100);

        Assert.Null(harness.Next());
        Assert.Null(harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void The_first_grant_comes_one_window_after_the_quiet_time()
    {
        var harness = new SchedulerHarness(start: false);
        harness.Work("a");
        harness.Scheduler.Start(quietFor: TimeSpan.FromSeconds(10));

        Assert.Null(harness.Next());
        Assert.Equal(TimeSpan.FromSeconds(11), harness.Scheduler.NextGrantIn());

        harness.Pass(10.999);
        Assert.Null(harness.Next());

        harness.Pass(0.001);
        Assert.Equal("a", harness.Next());
    }

    [Fact]
    public void Starting_twice_is_a_mistake() => Assert.Throws<InvalidOperationException>(() => new SchedulerHarness().Scheduler.Start(TimeSpan.Zero));

    [Fact]
    public void Draining_grants_nothing_more_and_still_takes_outcomes()
    {
        var harness = new SchedulerHarness();
        harness.Work("a", "b");
        Assert.Equal("a", harness.Next());

        harness.Scheduler.StopGranting();

        Assert.Null(harness.Next());
        Assert.Null(harness.Scheduler.NextGrantIn());
        Assert.Equal(1, harness.Scheduler.InFlight);

        harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);

        Assert.Equal(0, harness.Scheduler.InFlight);
    }

    [Fact]
    public void An_empty_scheduler_waits_for_nothing()
    {
        var harness = new SchedulerHarness();

        Assert.Null(harness.Next());
        Assert.Null(harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void A_token_comes_back_one_window_after_the_response_and_not_after_its_report()
    {
        var harness = new SchedulerHarness(permits: 1);
        harness.Work("a", "b");
        Assert.Equal("a", harness.Next());
        Assert.Null(harness.Scheduler.NextGrantIn());

        harness.Pass(5);
        harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered with { SinceResponse = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(TimeSpan.FromMilliseconds(700), harness.Scheduler.NextGrantIn());
    }

    [Theory]
    [InlineData(FailureKind.Unreachable)]
    [InlineData(FailureKind.BreakerOpen)]
    public void What_was_certainly_not_sent_gives_its_token_back_at_once(FailureKind kind)
    {
        var harness = new SchedulerHarness(permits: 1);
        harness.Work("a", "b");
        harness.Next();
        harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed(kind));

        Assert.Equal("b", harness.Next());
        Assert.Equal((2, 1), (harness.Scheduler.Status.Counters.Granted, harness.Scheduler.Status.Counters.Unused));
    }
}
