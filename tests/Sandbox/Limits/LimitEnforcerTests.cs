namespace CioOrleans.Sandbox.Limits;

public sealed class LimitEnforcerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Classes_that_share_a_limit_take_each_others_room()
    {
        var limits = new LimitEnforcer([SandboxLimit.Of(2, _second, EndpointClass.Identify, EndpointClass.Track)]);

        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Identify, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, TimeSpan.Zero));
        Assert.Equal(_second, limits.Admit(EndpointClass.Identify, TimeSpan.Zero));
    }

    [Fact]
    public void A_class_that_no_limit_names_is_never_refused()
    {
        var limits = new LimitEnforcer([SandboxLimit.Of(1, _second, EndpointClass.Identify)]);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Page, TimeSpan.Zero)));
    }

    [Fact]
    public void Every_window_of_a_limit_must_have_room_and_the_longest_wait_counts()
    {
        var limits = new LimitEnforcer(SandboxLimit.Parse("track=2/1s,3/10s"));
        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, TimeSpan.Zero));
        Assert.Equal(_second, limits.Admit(EndpointClass.Track, TimeSpan.Zero));

        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, _second));
        Assert.Equal(9 * _second, limits.Admit(EndpointClass.Track, _second));
    }

    [Fact]
    public void A_refused_request_takes_no_room_in_any_window()
    {
        var limits = new LimitEnforcer(SandboxLimit.Parse("track=1/1s,2/10s"));
        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, TimeSpan.Zero));
        for (var i = 0; i < 5; i++)
        {
            Assert.NotEqual(TimeSpan.Zero, limits.Admit(EndpointClass.Track, TimeSpan.Zero));
        }

        Assert.Equal(TimeSpan.Zero, limits.Admit(EndpointClass.Track, _second));
    }
}
