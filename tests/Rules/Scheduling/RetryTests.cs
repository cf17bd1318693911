using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;

namespace CioOrleans.Scheduling;

public sealed class RetryTests
{
    private readonly SchedulerHarness _harness = new();

    [Theory]
    [InlineData(FailureKind.ServerError)]
    [InlineData(FailureKind.TimedOut)]
    [InlineData(FailureKind.ConnectionLost)]
    public void A_failure_while_others_succeed_is_counted_and_waits_for_its_back_off(FailureKind kind)
    {
        var change = Fail(kind, attempts: 2);

        Assert.Equal(new HeadChange.Postpone("a", 7, 3, _harness.Time.GetUtcNow().AddSeconds(4), "503"), change);
        Assert.Equal(TimeSpan.FromSeconds(4), _harness.Scheduler.NextGrantIn());
        Assert.Equal(1, _harness.Scheduler.Status.WaitingForRetry);

        _harness.Pass(4);

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void A_hint_does_not_shorten_the_back_off()
    {
        Fail(FailureKind.ServerError, attempts: 2);
        _harness.Work("a");

        Assert.Null(_harness.Next());
    }

    [Fact]
    public void The_last_attempt_makes_a_dead_letter_and_the_queue_goes_on_once_it_is_stored()
    {
        Assert.Equal(new HeadChange.MakeDeadLetter("a", 7, 6, "503"), Fail(FailureKind.ServerError, attempts: 5));
        Assert.Null(_harness.Next());
        Assert.Equal(1, _harness.Scheduler.InFlight);

        _harness.Scheduler.OnDeadLetterMade("a", SchedulerHarness.Head);

        Assert.Equal(0, _harness.Scheduler.InFlight);
        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void Work_announced_while_the_dead_letter_is_stored_is_not_lost()
    {
        Fail(FailureKind.ServerError, attempts: 5);
        _harness.Work("a");
        _harness.Scheduler.OnDeadLetterMade("a", HeadState.Empty);

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void A_dead_letter_whose_storing_was_lost_is_tried_again()
    {
        Fail(FailureKind.ServerError, attempts: 5);
        _harness.Scheduler.OnLost("a");
        _harness.Pass(1);

        Assert.Equal("a", _harness.Next());
    }

    [Fact]
    public void Without_retries_the_first_failure_is_the_last()
    {
        var harness = new SchedulerHarness(change: s => s with { Retry = new RetrySettings { MaxRetries = 0 } });
        harness.Work("a");
        harness.All();
        harness.OthersSucceed();

        Assert.Equal(new HeadChange.MakeDeadLetter("a", 7, 1, "503"), harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed()));
    }

    [Theory]
    [InlineData(FailureKind.Unreachable)]
    [InlineData(FailureKind.BreakerOpen)]
    public void What_was_not_sent_is_never_counted(FailureKind kind)
    {
        Assert.Same(HeadChange.None.Instance, Fail(kind, attempts: 5));
        Assert.Equal(TimeSpan.FromSeconds(1), _harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void A_call_that_fails_alone_is_repeated_every_few_seconds_and_never_counted()
    {
        _harness.Work("a");
        var pauses = new List<double>();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            Assert.Equal("a", _harness.Next());
            Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed(attempts: 5)));
            pauses.Add(_harness.Scheduler.NextGrantIn()!.Value.TotalSeconds);
            _harness.Pass(pauses[^1]);
        }

        Assert.Equal([1, 2, 4, 4], pauses[..4]);
        Assert.All(pauses[4..], pause => Assert.Equal(4, pause));
    }

    [Fact]
    public void Its_attempts_count_from_the_next_success_of_somebody_else_on()
    {
        _harness.Work("a");
        _harness.All(SchedulerHarness.Failed());
        _harness.OthersSucceed();
        _harness.Pass(1);
        _harness.All();

        Assert.IsType<HeadChange.Postpone>(_harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed()));

        _harness.Pass(2);
        _harness.All();

        // No call has succeeded since.
        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed(attempts: 1)));
    }

    private HeadChange Fail(FailureKind kind, int attempts)
    {
        _harness.Work("a");
        Assert.Equal("a", _harness.Next());
        _harness.OthersSucceed();
        return _harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed(kind, attempts));
    }
}
