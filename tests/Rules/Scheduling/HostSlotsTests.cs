using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class HostSlotsTests
{
    private readonly HostSlots _slots = new(60, UpstreamHosts.All);

    [Fact]
    public void Each_host_starts_with_an_equal_share()
    {
        Assert.All(UpstreamHosts.All, host => Assert.Equal((0, 20), _slots.Of(host)));
        Assert.Equal(20, Start(UpstreamHost.Pipelines, At(0)));
        Assert.Equal(20, Start(UpstreamHost.Track, At(0)));
    }

    [Fact]
    public void The_only_host_that_a_workspace_uses_has_all_slots_and_another_one_at_a_time()
    {
        var slots = new HostSlots(64, [UpstreamHost.Track]);

        Assert.Equal((0, 64), slots.Of(UpstreamHost.Track));
        Assert.Equal((0, 1), slots.Of(UpstreamHost.App));
    }

    [Fact]
    public void A_host_that_responds_earns_the_slots_that_others_do_not_use_down_to_their_reserve()
    {
        Respond(UpstreamHost.Track, times: 200, At(0));

        // Sixty without three for each of the two others.
        Assert.Equal(54, _slots.Of(UpstreamHost.Track).Most);
        Assert.Equal(3, _slots.Of(UpstreamHost.App).Most);
        Assert.Equal(3, _slots.Of(UpstreamHost.Pipelines).Most);
    }

    [Fact]
    public void A_host_that_does_not_respond_earns_nothing()
    {
        Respond(UpstreamHost.Track, times: 200, At(0));
        Start(UpstreamHost.Pipelines, At(1));
        for (var i = 0; i < 100; i++)
        {
            _slots.OnEnded(UpstreamHost.Pipelines, answered: false, At(2));
            _slots.OnStarted(UpstreamHost.Pipelines, At(2));
        }

        Assert.Equal((3, 3), _slots.Of(UpstreamHost.Pipelines));
        Assert.Equal(54, _slots.Of(UpstreamHost.Track).Most);
    }

    [Fact]
    public void A_host_that_responds_gets_its_equal_share_back_from_one_that_uses_more()
    {
        Respond(UpstreamHost.Track, times: 200, At(0));
        Respond(UpstreamHost.Pipelines, times: 200, At(1));

        Assert.Equal(20, _slots.Of(UpstreamHost.Pipelines).Most);
    }

    [Fact]
    public void A_slot_that_was_in_use_within_the_last_period_is_not_taken_beyond_the_equal_share()
    {
        Respond(UpstreamHost.Track, times: 30, At(0));
        Assert.Equal(50, _slots.Of(UpstreamHost.Track).Most);

        Respond(UpstreamHost.Pipelines, times: 200, At(5));
        var before = _slots.Of(UpstreamHost.Pipelines).Most;
        Assert.InRange(before, 20, 27);

        Respond(UpstreamHost.Pipelines, times: 200, At(5) + (3 * HostSlots.Period));
        Assert.Equal(54, _slots.Of(UpstreamHost.Pipelines).Most);
    }

    [Fact]
    public void Never_are_more_than_all_slots_in_use()
    {
        var few = new HostSlots(2, UpstreamHosts.All);
        few.OnStarted(UpstreamHost.Track, At(0));
        few.OnStarted(UpstreamHost.App, At(0));

        Assert.False(few.HasRoom(UpstreamHost.Pipelines));

        few.OnEnded(UpstreamHost.App, answered: false, At(1));
        Assert.True(few.HasRoom(UpstreamHost.Pipelines));
    }

    /// <summary>Keeps all slots of a host in use and lets requests be answered, one after the other; ends them all.</summary>
    private void Respond(UpstreamHost host, int times, TimeSpan now)
    {
        Start(host, now);
        for (var i = 0; i < times; i++)
        {
            _slots.OnEnded(host, answered: true, now);
            Start(host, now);
        }

        while (_slots.Of(host).InFlight > 0)
        {
            _slots.OnEnded(host, answered: false, now);
        }
    }

    /// <summary>Starts as many as there is room for.</summary>
    private int Start(UpstreamHost host, TimeSpan now)
    {
        var started = 0;
        for (; _slots.HasRoom(host); started++)
        {
            _slots.OnStarted(host, now);
        }

        return started;
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
