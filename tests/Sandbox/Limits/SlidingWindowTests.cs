using CsCheck;

namespace CioOrleans.Sandbox.Limits;

public sealed class SlidingWindowTests
{
    private static readonly TimeSpan _window = TimeSpan.FromTicks(100);

    [Fact]
    public void Admits_exactly_what_a_count_over_the_window_admits() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 60].List[0, 200]).Sample((permits, gaps) =>
        {
            var window = new SlidingWindow(permits, _window);
            var admitted = new List<TimeSpan>();
            var now = TimeSpan.Zero;
            foreach (var gap in gaps)
            {
                now += TimeSpan.FromTicks(gap);
                var inside = admitted.Count(a => a > now - _window);
                var wait = window.WaitAt(now);
                Assert.Equal(inside < permits, wait == TimeSpan.Zero);
                if (wait == TimeSpan.Zero)
                {
                    window.Enter(now);
                    admitted.Add(now);
                }
                else
                {
                    Assert.Equal(admitted[^permits] + _window - now, wait);
                }
            }
        });

    [Fact]
    public void The_window_is_open_at_its_old_end()
    {
        var window = new SlidingWindow(1, _window);
        window.Enter(TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromTicks(1), window.WaitAt(_window - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.Zero, window.WaitAt(_window));
    }
}
