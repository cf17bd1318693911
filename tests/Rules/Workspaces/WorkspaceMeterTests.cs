using System.Diagnostics.Metrics;
using CioOrleans.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Grains.Workspaces;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace CioOrleans.Rules.Tests.Workspaces;

public sealed class WorkspaceMeterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly IOutbox _outbox = Substitute.For<IOutbox>();
    private readonly IDeadLetterStore _deadLetters = Substitute.For<IDeadLetterStore>();
    private readonly Meter _meter = new(DispatcherMetrics.MeterName);
    private readonly MeterListener _listener = new();
    private long _outages;
    private readonly List<long> _told = [];
    private int _counts;
    private TimeSpan _countTakes;

    public WorkspaceMeterTests()
    {
        _outbox.CountWaitingAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            _counts++;
            _time.Advance(_countTakes);
            return 1_000L + _counts;
        });
        _outbox.FreeBytes.Returns(5_000_000L);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter) && instrument.Name == "cio.outages")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _outages += value);
        _listener.Start();
    }

    [Fact]
    public async Task It_measures_the_outbox_and_the_scheduler()
    {
        var meter = Meter(new BackPressureSettings());
        _outbox.ReadOldestAsync("acme", Arg.Any<CancellationToken>()).Returns(_time.GetUtcNow() - TimeSpan.FromSeconds(30));
        _deadLetters.CountDeadLettersAsync("acme", Arg.Any<CancellationToken>()).Returns(7);
        Assert.Equal(default, meter.Gauges);

        await meter.MeasureAsync(() => Status(), CancellationToken.None);

        Assert.Equal(
            new WorkspaceGauges(1_001, 3, 2, 1, true, []) { DeadLetters = 7, OldestFor = TimeSpan.FromSeconds(30), Limits = [] }, meter.Gauges with { Hosts = [] });
    }

    [Fact]
    public async Task The_scheduler_is_looked_at_after_the_count()
    {
        var meter = Meter(new BackPressureSettings());

        await meter.MeasureAsync(() => Status() with { Ready = _counts }, CancellationToken.None);

        Assert.Equal(1, meter.Gauges.Ready);
    }

    [Fact]
    public async Task A_count_that_takes_long_is_made_a_twentieth_of_the_time()
    {
        var meter = Meter(new BackPressureSettings());
        _countTakes = TimeSpan.FromSeconds(2);
        await meter.MeasureAsync(() => Status(), CancellationToken.None);

        for (var second = 0; second < 39; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await meter.MeasureAsync(() => Status(), CancellationToken.None);
        }

        Assert.Equal(1, _counts);
        _time.Advance(TimeSpan.FromSeconds(1));
        await meter.MeasureAsync(() => Status(), CancellationToken.None);
        Assert.Equal(2, _counts);
    }

    [Fact]
    public async Task Each_outage_is_counted_once()
    {
        var meter = Meter(new BackPressureSettings());
        foreach (var outages in new long[] { 0, 2, 2, 3 })
        {
            await meter.MeasureAsync(() => Status(outages), CancellationToken.None);
        }

        Assert.Equal(3, _outages);
    }

    [Fact]
    public async Task The_pressure_is_of_the_last_measurement_and_its_age_grows()
    {
        var meter = Meter(new BackPressureSettings { MaxQueued = 10 });
        _outbox.ReadOldestAsync("acme", Arg.Any<CancellationToken>()).Returns(_time.GetUtcNow() - TimeSpan.FromSeconds(30));
        await meter.MeasureAsync(() => Status(), CancellationToken.None);
        Assert.Equal(new WorkspacePressure(1_001, TimeSpan.FromSeconds(30), 5_000_000, 0), meter.Pressure);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new WorkspacePressure(1_001, TimeSpan.FromSeconds(34), 5_000_000, 0), meter.Pressure);
    }

    [Fact]
    public async Task Where_no_call_waits_there_is_no_oldest()
    {
        var meter = Meter(new BackPressureSettings { MaxQueued = 10 });
        _outbox.ReadOldestAsync("acme", Arg.Any<CancellationToken>()).Returns((DateTimeOffset?)null);

        await meter.MeasureAsync(() => Status(), CancellationToken.None);

        Assert.Null(meter.Pressure.OldestFor);
    }

    [Fact]
    public void The_delivery_rate_is_as_of_now()
    {
        var meter = Meter(new BackPressureSettings());
        for (var i = 0; i < 90; i++)
        {
            meter.OnDelivered();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, meter.Pressure.DeliveredPerSecond);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, meter.Pressure.DeliveredPerSecond);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task For_an_operator_it_counts_once_a_second()
    {
        var meter = Meter(new BackPressureSettings());

        for (var i = 0; i < 10; i++)
        {
            await meter.CountAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal([1_001, 1_002, 1_003, 1_004, 1_005], _told);
        Assert.Equal((1_005, _time.GetUtcNow() - TimeSpan.FromSeconds(1)), (meter.Counts!.Queued, meter.Counts.At));
    }

    [Fact]
    public async Task For_an_operator_long_counts_take_a_hundredth_of_the_time_and_a_single_long_one_changes_nothing()
    {
        var meter = Meter(new BackPressureSettings());
        await CountAsync(took: 0.001);
        await CountAsync(took: 3);
        _time.Advance(TimeSpan.FromSeconds(1));
        await CountAsync(took: 0.05);
        Assert.Equal(3, _counts);

        _time.Advance(TimeSpan.FromSeconds(4));
        await CountAsync(took: 0.05);
        Assert.Equal(3, _counts);

        _time.Advance(TimeSpan.FromSeconds(1));
        await CountAsync(took: 0.05);
        Assert.Equal(4, _counts);

        async Task CountAsync(double took)
        {
            _countTakes = TimeSpan.FromSeconds(took);
            await meter.CountAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(took == 0.001 ? 1 : 0));
        }
    }

    private WorkspaceMeter Meter(BackPressureSettings backPressure)
    {
        var meters = Substitute.For<IMeterFactory>();
        meters.Create(Arg.Any<MeterOptions>()).Returns(_meter);
        var settings = new WorkspaceSettings
        {
            Name = "acme",
            SiteId = "site",
            ApiKey = "key",
            TrackUrl = new Uri("http://127.0.0.1:1"),
            AppUrl = new Uri("http://127.0.0.1:1"),
            LimitGroups = [],
            BackPressure = backPressure,
        };
        return new WorkspaceMeter(settings, _outbox, _deadLetters, new DispatcherMetrics(meters).Of("acme"), _time, _told.Add);
    }

    private static SchedulerStatus Status(long outages = 0) =>
        new([], Ready: 3, InFlight: 2, WaitingForRetry: 1, Parked: 0, WaitingPassThroughs: 0, IsPaused: true, "an operator", [], new SchedulerCounters(0, 0, 0, 0, outages));
}
