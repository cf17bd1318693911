using CioOrleans.Grains.Retry;
using CioOrleans.Workspaces;

namespace CioOrleans.Retry;

public sealed class HostHealthTests
{
    private readonly HostHealth _health = new(attemptTimeout: TimeSpan.FromSeconds(10));

    [Fact]
    public void In_normal_delivery_everybody_may_go()
    {
        Assert.False(_health.IsProbing);
        Assert.Equal(TimeSpan.Zero, _health.NextAt);
        Assert.Null(_health.Reason);
    }

    [Fact]
    public void In_an_outage_a_probe_goes_every_two_seconds_even_while_others_hang()
    {
        _health.EnterOutage(At(100), "503");

        for (var probe = 0; probe < 6; probe++)
        {
            Assert.Equal(At(102 + (2 * probe)), _health.NextAt);
            _health.OnProbeStarted(At(102 + (2 * probe)));
        }

        // Six hang: as many as start within one time-out.
        Assert.Null(_health.NextAt);

        _health.OnProbeEnded(At(112), unused: false);

        Assert.Equal(At(114), _health.NextAt);
    }

    [Fact]
    public void Wrong_settings_are_probed_once_a_minute_one_at_a_time()
    {
        _health.EnterMisconfigured(At(100), "401");
        Assert.Equal(At(160), _health.NextAt);

        _health.OnProbeStarted(At(160));
        Assert.Null(_health.NextAt);

        _health.OnProbeEnded(At(161), unused: false);
        Assert.Equal(At(220), _health.NextAt);
    }

    [Fact]
    public void An_unused_probe_is_made_up_for_at_once()
    {
        _health.EnterMisconfigured(At(100), "401");
        _health.OnProbeStarted(At(160));
        _health.OnProbeEnded(At(161), unused: true);

        Assert.Equal(At(161), _health.NextAt);
    }

    [Fact]
    public void Any_success_ends_an_outage_but_only_a_later_request_proves_settings_right()
    {
        Assert.False(_health.IsCuredBy(At(100)));

        _health.EnterOutage(At(100), "503");
        Assert.True(_health.IsCuredBy(At(99)));

        _health.EnterMisconfigured(At(100), "401");
        Assert.False(_health.IsCuredBy(At(99)));
        Assert.True(_health.IsCuredBy(At(100)));
    }

    [Fact]
    public void Recovering_goes_back_to_normal_and_outages_are_counted()
    {
        _health.EnterOutage(At(100), "503");
        Assert.Equal("Customer.io fails for everybody, probing (503)", _health.Reason);

        _health.Recover(At(130));

        Assert.Equal((HostState.Normal, At(130), (string?)null, 1L), (_health.State, _health.Since, _health.Reason, _health.Outages));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
