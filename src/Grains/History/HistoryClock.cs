using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;

namespace CioOrleans.Grains.History;

/// <summary>
/// The lease clock in microseconds since 1970. Without other processes the lease clock is the process's monotonic clock; then it is counted from the time of the
/// system's clock at which it was read first.
/// </summary>
public sealed class HistoryClock
{
    private static readonly TimeSpan _unknownBy = TimeSpan.FromSeconds(10);

    private readonly ILeaseClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _offset;
    private readonly double _drift;

    /// <param name="clock">The lease clock.</param>
    /// <param name="outbox">Whether other processes use the database.</param>
    /// <param name="time">The monotonic clock.</param>
    public HistoryClock(ILeaseClock clock, IOutbox outbox, TimeProvider time)
    {
        _clock = clock;
        _time = time;
        _offset = outbox.IsShared ? TimeSpan.Zero : time.GetUtcNow() - DateTimeOffset.UnixEpoch - clock.Bounds.Latest;
        _drift = outbox.IsShared ? SampledLeaseClock.NtpDrift : 0;
    }

    /// <summary>The bounds of the time now.</summary>
    public HistoryTime Now => Before(TimeSpan.Zero);

    /// <summary>The bounds of the time at a monotonic timestamp of this process.</summary>
    public HistoryTime At(long timestamp) => Before(_time.GetElapsedTime(timestamp));

    private HistoryTime Before(TimeSpan elapsed)
    {
        var bounds = _clock.Bounds;
        if (!bounds.IsKnown)
        {
            var now = _time.GetUtcNow() - DateTimeOffset.UnixEpoch - _offset;
            bounds = new ClockBounds(now - _unknownBy, now + _unknownBy);
        }

        var (earliest, latest) = (bounds.Earliest + _offset - (elapsed * (1 + _drift)), bounds.Latest + _offset - (elapsed * (1 - _drift)));
        return new HistoryTime(Microseconds(earliest), Microseconds(latest) + 1);
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>Bounds of a time, in microseconds since 1970.</summary>
public readonly record struct HistoryTime(long Earliest, long Latest);
