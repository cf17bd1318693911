using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class PassThroughTests : DispatcherTest
{
    [Fact]
    public async Task A_permit_that_is_not_to_be_had_in_time_is_refused_with_a_time_to_come_back()
    {
        await using var host = await StartAsync(("Limits:broadcast", "1/1h"));

        var refused = Assert.IsType<PassThroughPermit.Refused>(await host.Workspace.AcquirePermit(LimitClass.Broadcast, TimeSpan.FromMilliseconds(50)));
        Assert.InRange(refused.RetryAfter, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Five_broadcasts_wait_and_a_sixth_is_told_to_come_back()
    {
        await using var host = await StartAsync(("Limits:broadcast", "1/1h"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.Workspace.AcquirePermit(LimitClass.Broadcast, TimeSpan.FromSeconds(3)).AsTask()));

        var refused = answers.Cast<PassThroughPermit.Refused>().ToArray();
        var sixth = Assert.Single(refused, r => r.Reason == "5 broadcasts wait already, and Customer.io takes no more.");
        Assert.InRange(sixth.RetryAfter, TimeSpan.FromMinutes(359), TimeSpan.FromHours(6));
        Assert.Equal(5, refused.Count(r => r.Reason.Contains("the limit is used up", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_permit_given_back_unused_serves_the_next_caller()
    {
        await using var host = await StartAsync(("Limits:query", "1/10ms"));
        var first = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(30)));
        Assert.Equal(LimitClass.Query, first.Permit.LimitClass);
        Assert.IsType<PassThroughPermit.Refused>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromMilliseconds(100)));

        await host.Workspace.ReturnPermit(first.Ticket, sent: false, status: null, RateLimitSignal.None);

        var second = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(30)));

        // The host would wait for its end.
        await host.Workspace.ReturnPermit(second.Ticket, sent: false, status: null, RateLimitSignal.None);
    }
}
