using CioOrleans.Api.Answers;
using CioOrleans.Calls;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Operating.Tests;

[Collection(MetricsCollection.Name)]
public sealed class MetricsTests : IAsyncLifetime
{
    private Host _host = null!;

    public async ValueTask InitializeAsync() => _host = await Host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_event_counts_under_workspace_class_and_kind()
    {
        var acme = _host.Metrics.Of("acme");
        acme.Accepted(LimitClass.Identify, CallKind.DeleteDevice);
        acme.Accepted(LimitClass.Identify, CallKind.DeleteDevice);
        acme.Delivered(LimitClass.Track, CallKind.Event, TimeSpan.FromMilliseconds(20));
        acme.Duplicate(LimitClass.Track, CallKind.Event);
        acme.DeadLettered(LimitClass.TransactionalEmail, CallKind.Form);
        acme.Postponed(LimitClass.Batch);
        acme.Throttled(LimitClass.Query);
        acme.HeadersIgnored(LimitClass.Query, 3);
        acme.OutageBegan();
        _host.Refusals.Refused(RefusalReason.TooLarge);

        Assert.Equal(
            [
                """cio_attempts_postponed_total{limit_class="batch",workspace="acme"} 1""",
                """cio_calls_accepted_total{kind="delete-device",limit_class="identify",workspace="acme"} 2""",
                """cio_calls_dead_lettered_total{kind="form",limit_class="transactional-email",workspace="acme"} 1""",
                """cio_calls_delivered_total{kind="event",limit_class="track",workspace="acme"} 1""",
                """cio_calls_duplicates_total{kind="event",limit_class="track",workspace="acme"} 1""",
                """cio_calls_refused_total{reason="too-large"} 1""",
                """cio_outages_total{workspace="acme"} 1""",
                """cio_rate_limit_headers_ignored_total{limit_class="query",workspace="acme"} 3""",
                """cio_responses_throttled_total{limit_class="query",workspace="acme"} 1""",
            ],
            (await ScrapeAsync()).Where(line => line.Contains("_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Times_fall_into_buckets_of_seconds()
    {
        _host.Metrics.Of("acme").Permitted(LimitClass.Track, TimeSpan.FromMilliseconds(30));
        _host.Metrics.Of("acme").Delivered(LimitClass.Page, CallKind.Page, TimeSpan.FromHours(2));

        var lines = await ScrapeAsync();

        Assert.Contains("""cio_permit_wait_seconds_bucket{limit_class="track",workspace="acme",le="0.025"} 0""", lines);
        Assert.Contains("""cio_permit_wait_seconds_bucket{limit_class="track",workspace="acme",le="0.05"} 1""", lines);
        Assert.Contains("""cio_delivery_time_seconds_bucket{limit_class="page",workspace="acme",le="3600"} 0""", lines);
        Assert.Contains("""cio_delivery_time_seconds_bucket{limit_class="page",workspace="acme",le="14400"} 1""", lines);
        Assert.Contains("""cio_delivery_time_seconds_sum{limit_class="page",workspace="acme"} 7200""", lines);
    }

    [Fact]
    public async Task Gauges_show_each_watched_workspace_as_it_is_now()
    {
        using var acme = _host.Metrics.Watch("acme", () => new WorkspaceGauges(5, 4, 3, 2, true)
        {
            Held = 1, DeadLetters = 6, OldestFor = TimeSpan.FromSeconds(1.5), Limits = [new LimitUse(LimitClass.Identify, 0.25), new LimitUse(LimitClass.Broadcast, 1)],
        });
        using var beta = _host.Metrics.Watch("beta", () => default);

        Assert.Equal(
            [
                """cio_customers_held{workspace="acme"} 1""",
                """cio_customers_held{workspace="beta"} 0""",
                """cio_customers_ready{workspace="acme"} 4""",
                """cio_customers_ready{workspace="beta"} 0""",
                """cio_customers_waiting_for_retry{workspace="acme"} 2""",
                """cio_customers_waiting_for_retry{workspace="beta"} 0""",
                """cio_dead_letters{workspace="acme"} 6""",
                """cio_dead_letters{workspace="beta"} 0""",
                """cio_limit_used{limit_class="broadcast",workspace="acme"} 1""",
                """cio_limit_used{limit_class="identify",workspace="acme"} 0.25""",
                """cio_queue_depth{workspace="acme"} 5""",
                """cio_queue_depth{workspace="beta"} 0""",
                """cio_queue_oldest_age_seconds{workspace="acme"} 1.5""",
                """cio_queue_oldest_age_seconds{workspace="beta"} 0""",
                """cio_requests_in_flight{workspace="acme"} 3""",
                """cio_requests_in_flight{workspace="beta"} 0""",
                """cio_workspace_paused{workspace="acme"} 1""",
                """cio_workspace_paused{workspace="beta"} 0""",
            ],
            await ScrapeAsync());
    }

    [Fact]
    public async Task A_lease_is_shown_with_its_epoch_its_age_and_its_end_while_it_is_held()
    {
        using var acme = _host.Metrics.Watch("acme", () => default, () => new LeaseGauges(7, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(12.5)));
        using var beta = _host.Metrics.Watch("beta", () => default, () => null);

        Assert.Equal(
            [
                """cio_lease_age_seconds{workspace="acme"} 0.25""",
                """cio_lease_epoch{workspace="acme"} 7""",
                """cio_lease_remaining_seconds{workspace="acme"} 12.5""",
            ],
            (await ScrapeAsync()).Where(line => line.StartsWith("cio_lease", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_end_of_an_earlier_watch_does_not_end_its_successor()
    {
        var earlier = _host.Metrics.Watch("acme", () => new WorkspaceGauges(1, 0, 0, 0, false));
        using var later = _host.Metrics.Watch("acme", () => new WorkspaceGauges(2, 0, 0, 0, false));
        earlier.Dispose();

        Assert.Contains("""cio_queue_depth{workspace="acme"} 2""", await ScrapeAsync());
    }

    /// <summary>The samples of our own meter, without the label that names the meter, sorted.</summary>
    private async Task<List<string>> ScrapeAsync()
    {
        var (_, body) = await _host.SendAsync("GET", "/metrics");
        return [.. body.Split('\n')
            .Where(line => line.StartsWith("cio_", StringComparison.Ordinal))
            .Select(line => line.Replace("otel_scope_name=\"CioOrleans\",", string.Empty, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }
}
