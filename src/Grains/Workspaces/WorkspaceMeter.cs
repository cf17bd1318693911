using CioOrleans.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Grains.BackPressure;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Scheduling;

namespace CioOrleans.Grains.Workspaces;

/// <summary>Measures a workspace: its gauges, and how full it is for back-pressure. Not thread-safe except for <see cref="Gauges"/>.</summary>
internal sealed class WorkspaceMeter(WorkspaceSettings settings, IOutbox outbox, WorkspaceMetrics metrics, TimeProvider time)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Counting millions of waiting calls takes seconds. It gets at most one part in this many of the time.</summary>
    private const int ShareOfTime = 20;

    private readonly DeliveryRate _rate = new();
    private readonly long _origin = time.GetTimestamp();
    private WorkspacePressure _pressure = new(0, null, null, 0);
    private long _pressureAt;
    private long _outages;
    private long _countedAt;
    private TimeSpan _countTook;

    // Boxed, so that a reader on another thread sees all of one measurement.
    private volatile object _gauges = default(WorkspaceGauges);

    /// <summary>The last measurement. Safe for use from all threads.</summary>
    public WorkspaceGauges Gauges => (WorkspaceGauges)_gauges;

    /// <summary>How full the workspace was when it was last measured, with the delivery rate as of now.</summary>
    public WorkspacePressure Pressure => _pressure with
    {
        OldestFor = _pressure.OldestFor + time.GetElapsedTime(_pressureAt),
        DeliveredPerSecond = _rate.At(time.GetElapsedTime(_origin)),
    };

    public void OnDelivered() => _rate.Add(time.GetElapsedTime(_origin), 1);

    /// <summary>Measures, unless the last count took so long that it is too early for the next.</summary>
    /// <param name="status">The scheduler's status, read after the count.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    public async ValueTask MeasureAsync(Func<SchedulerStatus> status, CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        if (time.GetElapsedTime(_countedAt, startedAt) < ShareOfTime * _countTook)
        {
            return;
        }

        var queued = await outbox.CountWaitingAsync(settings.Name, cancellation);
        (_countedAt, _countTook) = (time.GetTimestamp(), time.GetElapsedTime(startedAt));
        await MeasurePressureAsync(queued, cancellation);

        var now = status();
        _gauges = new WorkspaceGauges(queued, now.Ready, now.InFlight, now.WaitingForRetry, now.IsPaused, now.Hosts);
        for (; _outages < now.Counters.Outages; _outages++)
        {
            metrics.OutageBegan();
        }
    }

    private async ValueTask MeasurePressureAsync(long queued, CancellationToken cancellation)
    {
        if (settings.BackPressure.IsOn)
        {
            var oldest = await outbox.ReadOldestAsync(settings.Name, cancellation);
            _pressure = new WorkspacePressure(queued, time.GetUtcNow() - oldest, outbox.FreeBytes, 0);
            _pressureAt = time.GetTimestamp();
        }
    }
}
