using CioOrleans.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Grains.BackPressure;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Scheduling;

namespace CioOrleans.Grains.Workspaces;

/// <summary>Measures a workspace: its gauges, and how full it is for back-pressure. Not thread-safe except for <see cref="Gauges"/>.</summary>
internal sealed class WorkspaceMeter(WorkspaceSettings settings, IOutbox outbox, IDeadLetterStore deadLetters, WorkspaceMetrics metrics, TimeProvider time, Action<long> onCounted)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Counting millions of waiting calls takes seconds. It gets at most one part in this many of the time.</summary>
    private const int ShareOfTime = 20;

    /// <summary>While an operator looks, counting gets at most one part in this many of the time, and happens at most this often.</summary>
    private const int ShareOfTimeForOperators = 100;

    private static readonly TimeSpan _everyForOperators = TimeSpan.FromMilliseconds(900);

    /// <summary>However long counting takes, an operator's numbers are not older than this and one count.</summary>
    private static readonly TimeSpan _longestForOperators = TimeSpan.FromSeconds(10);

    private readonly DeliveryRate _rate = new();
    private readonly long _origin = time.GetTimestamp();
    private WorkspacePressure _pressure = new(0, null, null, 0);
    private long _pressureAt;
    private long _outages;
    private long _countedAt;
    private TimeSpan _countTook;
    private TimeSpan _took;
    private TimeSpan _tookBefore;
    private bool _isCounting;

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

    /// <summary>The last count for operators; null before the first.</summary>
    public WorkspaceCounts? Counts { get; private set; }

    /// <summary>Counts waiting calls and dead letters for an operator, unless the last count is new, or took so long that it is too early for the next.</summary>
    public async ValueTask CountAsync(CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        if (_isCounting || (Counts is not null && time.GetElapsedTime(_countedAt, startedAt) < PauseForOperators()))
        {
            return;
        }

        var queued = await CountWaitingAsync(startedAt, cancellation);
        var letters = await deadLetters.CountDeadLettersAsync(settings.Name, cancellation);
        var oldest = await outbox.ReadOldestAsync(settings.Name, cancellation);
        (_tookBefore, _took) = (_took, time.GetElapsedTime(startedAt));
        Counts = new WorkspaceCounts(queued, letters, oldest, time.GetUtcNow());
    }

    /// <summary>Measures, unless the last count took so long that it is too early for the next.</summary>
    /// <param name="status">The scheduler's status, read after the count.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    public async ValueTask MeasureAsync(Func<SchedulerStatus> status, CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        if (_isCounting || time.GetElapsedTime(_countedAt, startedAt) < ShareOfTime * _countTook)
        {
            return;
        }

        var queued = await CountWaitingAsync(startedAt, cancellation);
        var letters = await deadLetters.CountDeadLettersAsync(settings.Name, cancellation);
        var oldestFor = await outbox.ReadOldestAsync(settings.Name, cancellation) is { } oldest ? time.GetUtcNow() - oldest : (TimeSpan?)null;
        _countTook = time.GetElapsedTime(startedAt);
        if (settings.BackPressure.IsOn)
        {
            (_pressure, _pressureAt) = (new WorkspacePressure(queued, oldestFor, outbox.FreeBytes, 0), time.GetTimestamp());
        }

        var now = status();
        _gauges = new WorkspaceGauges(queued, now.Ready, now.InFlight, now.WaitingForRetry, now.IsPaused, now.Hosts)
        {
            Held = now.Held,
            DeadLetters = letters,
            OldestFor = oldestFor ?? TimeSpan.Zero,
            Limits = now.Uses,
        };
        for (; _outages < now.Counters.Outages; _outages++)
        {
            metrics.OutageBegan();
        }
    }

    /// <summary>The time between two counts for an operator. The shorter one of the last two counts decides, because a busy machine delays one now and then.</summary>
    private TimeSpan PauseForOperators()
    {
        var pause = ShareOfTimeForOperators * (_took < _tookBefore ? _took : _tookBefore);
        return pause < _everyForOperators ? _everyForOperators : pause < _longestForOperators ? pause : _longestForOperators;
    }

    private async ValueTask<long> CountWaitingAsync(long startedAt, CancellationToken cancellation)
    {
        _isCounting = true;
        try
        {
            var queued = await outbox.CountWaitingAsync(settings.Name, cancellation);
            (_countedAt, _countTook) = (time.GetTimestamp(), time.GetElapsedTime(startedAt));
            onCounted(queued);
            return queued;
        }
        finally
        {
            _isCounting = false;
        }
    }
}

/// <summary>What was counted for an operator.</summary>
/// <param name="Queued">Waiting calls, including those in flight.</param>
/// <param name="DeadLetters">Dead letters.</param>
/// <param name="OldestAcceptedAt">When the oldest waiting call was accepted; null if no call waits, or that is not known.</param>
/// <param name="At">When they were counted (UTC).</param>
internal sealed record WorkspaceCounts(long Queued, long DeadLetters, DateTimeOffset? OldestAcceptedAt, DateTimeOffset At);
