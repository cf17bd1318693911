using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class PassThroughTests
{
    private readonly SchedulerHarness _harness = new(permits: 2);

    [Fact]
    public void Live_callers_are_served_before_customers_and_in_their_order()
    {
        _harness.Work("a");
        _harness.Scheduler.RequestPassThrough(2, LimitClass.Track);
        _harness.Scheduler.RequestPassThrough(1, LimitClass.Identify);

        Assert.Equal(new Grant.PassThrough(2, LimitClass.Track), _harness.Scheduler.TryGrant());
        Assert.Equal(new Grant.PassThrough(1, LimitClass.Identify), _harness.Scheduler.TryGrant());
        Assert.Null(_harness.Scheduler.TryGrant());
        Assert.Equal(2, _harness.Scheduler.InFlight);
    }

    [Fact]
    public void Customers_keep_one_grant_in_sixteen()
    {
        var harness = new SchedulerHarness();
        harness.Work("a", "b");
        for (var ticket = 0; ticket < 32; ticket++)
        {
            harness.Scheduler.RequestPassThrough(ticket, LimitClass.Track);
        }

        var order = Enumerable.Range(0, 34).Select(_ => harness.Scheduler.TryGrant()).ToList();

        Assert.Equal([15, 31], order.Index().Where(d => d.Item is Grant.ToCustomer).Select(d => d.Index));
    }

    [Fact]
    public void A_caller_that_waits_no_longer_gets_nothing()
    {
        _harness.Scheduler.RequestPassThrough(1, LimitClass.Track);
        Assert.Equal(1, _harness.Scheduler.Status.WaitingPassThroughs);

        _harness.Scheduler.CancelPassThrough(1);

        Assert.Null(_harness.Scheduler.TryGrant());
        Assert.Null(_harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void The_token_comes_back_one_window_after_the_end_or_at_once_if_nothing_was_sent()
    {
        Grant(1);
        Grant(2);
        _harness.Scheduler.RequestPassThrough(3, LimitClass.Track);
        Assert.Null(_harness.Scheduler.NextGrantIn());

        _harness.Pass(3);
        _harness.Scheduler.OnPassThroughEnded(1, sent: true, status: 200, RateLimitSignal.None);
        Assert.Equal(TimeSpan.FromSeconds(1), _harness.Scheduler.NextGrantIn());

        _harness.Scheduler.OnPassThroughEnded(2, sent: false, status: null, RateLimitSignal.None);
        Assert.Equal(TimeSpan.Zero, _harness.Scheduler.NextGrantIn());
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(7.0, 7)]
    public void A_429_to_a_query_without_a_header_holds_up_the_other_queries_for_a_window_only(double? retryAfter, int seconds)
    {
        _harness.Scheduler.RequestPassThrough(1, LimitClass.Query);
        Assert.NotNull(_harness.Scheduler.TryGrant());
        _harness.Scheduler.OnPassThroughEnded(
            1, sent: true, status: 429, RateLimitSignal.None with { RetryAfter = retryAfter is { } after ? TimeSpan.FromSeconds(after) : null });
        _harness.Scheduler.RequestPassThrough(2, LimitClass.Query);

        _harness.Pass(seconds - 0.001);
        Assert.Null(_harness.Scheduler.TryGrant());
        _harness.Pass(0.001);
        Assert.NotNull(_harness.Scheduler.TryGrant());
    }

    [Fact]
    public void A_429_stops_the_group()
    {
        Grant(1);
        _harness.Scheduler.OnPassThroughEnded(1, sent: true, status: 429, RateLimitSignal.None);
        _harness.Work("a");

        Assert.Equal(TimeSpan.FromSeconds(60), _harness.Scheduler.NextGrantIn());
        Assert.Equal(1, _harness.Scheduler.Status.Counters.Throttled);
    }

    [Fact]
    public void The_end_of_an_unknown_ticket_is_ignored()
    {
        Grant(1);
        _harness.Scheduler.OnPassThroughEnded(2, sent: true, status: 200, RateLimitSignal.None);
        _harness.Scheduler.OnPassThroughEnded(1, sent: true, status: 200, RateLimitSignal.None);
        _harness.Scheduler.OnPassThroughEnded(1, sent: true, status: 200, RateLimitSignal.None);
        _harness.Pass(1);

        Assert.Equal(2, _harness.Scheduler.Status.Limits[0].Tokens);
        Assert.Equal(0, _harness.Scheduler.InFlight);
    }

    private void Grant(long ticket)
    {
        _harness.Scheduler.RequestPassThrough(ticket, LimitClass.Track);
        Assert.Equal(new Grant.PassThrough(ticket, LimitClass.Track), _harness.Scheduler.TryGrant());
    }
}
