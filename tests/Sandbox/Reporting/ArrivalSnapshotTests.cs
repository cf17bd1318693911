using CsCheck;

namespace CioOrleans.Sandbox.Reporting;

public sealed class ArrivalSnapshotTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_maximum_in_a_window_is_what_counting_every_window_finds() =>
        Gen.Select(Gen.Int[1, 50], Gen.Select(Gen.Int[0, 20], Gen.Enum<EndpointClass>()).List[0, 200]).Sample((length, steps) =>
        {
            var (log, all) = (new ArrivalLog(), new List<(EndpointClass Class, TimeSpan At)>());
            foreach (var (gap, endpointClass) in steps)
            {
                var at = (all.Count == 0 ? TimeSpan.Zero : all[^1].At) + TimeSpan.FromTicks(gap);
                log.Add(endpointClass, at);
                all.Add((endpointClass, at));
            }

            var window = TimeSpan.FromTicks(length);
            var snapshot = log.Snapshot();
            Assert.Equal(Count(all, window), snapshot.MaxInWindow(window, [.. EndpointClassNames.All]));
            Assert.Equal(Count([.. all.Where(a => a.Class == EndpointClass.Track)], window), snapshot.MaxInWindow(window, EndpointClass.Track));
            Assert.Equal(
                Count([.. all.Where(a => a.Class is EndpointClass.Track or EndpointClass.Identify)], window),
                snapshot.MaxInWindow(window, EndpointClass.Identify, EndpointClass.Track));
        });

    [Fact]
    public void A_snapshot_does_not_see_what_arrives_later()
    {
        var log = Log(TimeSpan.Zero);
        var before = log.Snapshot();
        for (var i = 0; i < 20_000; i++)
        {
            log.Add(EndpointClass.Track, TimeSpan.FromTicks(i));
        }

        Assert.Equal(1, before.Count);
        Assert.Equal(1, before.MaxInWindow(_second, EndpointClass.Track));
        Assert.Equal(20_001, log.Snapshot().MaxInWindow(_second, EndpointClass.Track));
    }

    [Fact]
    public void Arrivals_are_counted_by_whole_seconds_since_the_first()
    {
        var snapshot = Log(5 * _second, (5.9 * _second), 6 * _second, 8.5 * _second).Snapshot();

        Assert.Equal([2, 1, 0, 1], snapshot.PerSecond());
        Assert.Equal(5 * _second, snapshot.First);
        Assert.Equal(8.5 * _second, snapshot.Last);
    }

    [Fact]
    public void The_steady_rate_leaves_out_a_window_at_each_end()
    {
        TimeSpan[] burst = [.. Enumerable.Repeat(TimeSpan.Zero, 500)];
        TimeSpan[] steady = [.. Enumerable.Range(1, 400).Select(i => i * _second / 100)];

        Assert.Equal(100, Log([.. burst, .. steady]).Snapshot().SteadyRate(_second));
    }

    [Fact]
    public void A_run_of_two_windows_has_no_steady_rate()
    {
        Assert.Null(Log(TimeSpan.Zero, 2 * _second).Snapshot().SteadyRate(_second));
        Assert.Null(new ArrivalLog().Snapshot().SteadyRate(_second));
    }

    private static ArrivalLog Log(params TimeSpan[] arrivals)
    {
        var log = new ArrivalLog();
        foreach (var at in arrivals)
        {
            log.Add(EndpointClass.Track, at);
        }

        return log;
    }

    private static int Count(List<(EndpointClass Class, TimeSpan At)> all, TimeSpan window) =>
        all.Select(end => all.Count(a => a.At > end.At - window && a.At <= end.At)).DefaultIfEmpty(0).Max();
}
