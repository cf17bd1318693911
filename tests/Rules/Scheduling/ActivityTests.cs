using CioOrleans.Attempts;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

/// <summary>What an operator sees of the last seconds.</summary>
public sealed class ActivityTests
{
    private static readonly long _start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Each_outcome_counts_in_the_second_in_which_it_came_and_the_second_under_way_is_left_out()
    {
        _harness.Work("a", "b", "c");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);
        _harness.Pass(1);
        _harness.Scheduler.OnOutcome("b", SchedulerHarness.Failed());
        _harness.Scheduler.OnOutcome("c", new DeliveryOutcome.Rejected(400, default));
        Assert.Equal([0, 1], Read().Delivered);

        _harness.Pass(1);

        var series = Read();
        Assert.Equal(_start, series.FirstSecond);
        Assert.Equal([0, 1, 0], series.Delivered);
        Assert.Equal([0, 0, 1], series.Failed);
        Assert.Equal([0, 0, 1], series.DeadLettered);
        Assert.Equal([0, 1, 2], series.Limits[0].Requests);
        Assert.Equal([0, 0, 0], series.Limits[1].Requests);
    }

    [Fact]
    public void A_request_counts_when_its_response_came_and_not_when_it_was_reported()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Pass(3);

        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered with { SinceResponse = TimeSpan.FromSeconds(2) });
        _harness.Pass(1);

        Assert.Equal([0, 0, 1, 0, 0], Read().Limits[0].Requests);
    }

    [Fact]
    public void The_most_in_any_window_is_found_across_the_edge_of_two_seconds_and_in_any_order_of_reports()
    {
        // At 1.9, 2.2, 2.4 and 2.95 s: three in the window that ends at 2.4, and in the one that ends at 2.95 (from 2.2 on).
        var arrivals = new ArrivalCount(new RateLimit(10, TimeSpan.FromSeconds(1)));
        var most = new Dictionary<double, int>();
        foreach (var end in (double[])[2.2, 2.95, 1.9, 2.4])
        {
            arrivals.Add(TimeSpan.FromSeconds(end), (moment, count) => most[moment.TotalSeconds] = Math.Max(count, most.GetValueOrDefault(moment.TotalSeconds)));
        }

        Assert.Equal([(1.9, 1), (2.2, 2), (2.4, 3), (2.95, 3)], most.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void The_most_in_any_window_equals_what_every_window_that_ends_with_a_request_holds()
    {
        var random = new Random(7);
        var window = TimeSpan.FromMilliseconds(300);
        var arrivals = new ArrivalCount(new RateLimit(10, window));
        var ends = Enumerable.Range(0, 3_000).Select(i => TimeSpan.FromMilliseconds((i * 3) + random.Next(200))).ToArray();
        var most = new Dictionary<TimeSpan, int>();
        foreach (var end in ends)
        {
            arrivals.Add(end, (moment, count) => most[moment] = Math.Max(count, most.GetValueOrDefault(moment)));
        }

        Assert.Equal(
            ends.Distinct().ToDictionary(end => end, end => ends.Count(other => other > end - window && other <= end)).OrderBy(pair => pair.Key),
            most.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void A_limit_that_is_broken_is_seen_although_the_bucket_believes_that_it_was_kept()
    {
        var harness = new SchedulerHarness(permits: 2);
        harness.Work("a", "b");
        harness.All();
        harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);
        harness.Scheduler.OnOutcome("b", SchedulerHarness.Delivered);
        harness.Pass(1.001);
        harness.Work("c");
        harness.All();

        // An answer with a wrong time, as of a clock that runs wrong.
        harness.Scheduler.OnOutcome("c", SchedulerHarness.Delivered with { SinceResponse = TimeSpan.FromMilliseconds(900) });
        harness.Pass(1);

        Assert.Equal(3, harness.Scheduler.ReadActivity(0).Limits[0].Most.Max());
    }

    [Fact]
    public void Accepted_calls_are_what_the_queue_has_grown_by_and_what_has_ended()
    {
        _harness.Scheduler.OnCounted(10);
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);
        _harness.Pass(5);

        _harness.Scheduler.OnCounted(29);
        _harness.Pass(1);

        var series = Read();
        Assert.Equal([0, 0, 4, 4, 4, 4, 4], series.Accepted);
        Assert.Equal([0, 10, 13, 17, 21, 25, 29], series.Queued);
    }

    [Fact]
    public void A_discard_makes_no_accepted_calls_negative()
    {
        _harness.Scheduler.OnCounted(1_000);
        _harness.Pass(1);

        _harness.Scheduler.OnCounted(0);
        _harness.Pass(1);

        Assert.Equal([0, 0, 0], Read().Accepted);
    }

    [Fact]
    public void A_quarter_of_an_hour_is_remembered_and_silence_is_zero()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);
        _harness.Pass(10_000);

        var series = Read();

        Assert.Equal(ActivitySeries.MaxSeconds - 1, series.Delivered.Count);
        Assert.Equal(_start + 10_001 - series.Delivered.Count, series.FirstSecond);
        Assert.Equal(0, series.Delivered.Sum());
    }

    [Fact]
    public void Only_what_is_new_is_read_again()
    {
        _harness.Pass(9);

        var series = Read(_start + 7);

        Assert.Equal((_start + 7, 3), (series.FirstSecond, series.Delivered.Count));
        Assert.Empty(Read(_start + 1_000).Delivered);
    }

    [Fact]
    public void An_operator_ends_the_pause_after_a_429_and_not_his_own()
    {
        _harness.Work("a");
        _harness.All();
        _harness.Scheduler.OnOutcome("a", new DeliveryOutcome.Throttled { Signal = RateLimitSignal.None with { RetryAfter = TimeSpan.FromMinutes(5) } });
        _harness.Scheduler.Pause("lunch");

        _harness.Scheduler.EndThrottle(LimitClass.Identify);

        Assert.Null(_harness.Scheduler.Status.Limits[0].PausedUntil);
        Assert.Null(_harness.Next());
        _harness.Scheduler.Resume();
        Assert.Equal("a", _harness.Next());
    }

    private ActivitySeries Read(long since = 0) => _harness.Scheduler.ReadActivity(since);
}
