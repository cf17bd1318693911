using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;

namespace CioOrleans.Grains.History;

/// <summary>
/// The lease clock in microseconds since 1970. Without other processes the lease clock is the process's monotonic clock; then it is counted from the time of the
/// system's clock at which it was read first.
/// </summary>
public sealed class HistoryClock
{
    /// <summary>How often the clocks are read at most, until no interruption came between the readings.</summary>
    private const int MostReadings = 3;

    private static readonly TimeSpan _unknownBy = TimeSpan.FromSeconds(10);

    /// <summary>An interruption that is no longer than this changes nothing that is recorded.</summary>
    private static readonly TimeSpan _negligible = TimeSpan.FromMicroseconds(1);

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
    public HistoryTime Now => Before(Read(), TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>
    /// The bounds of the time at a monotonic timestamp of this process. The process may be interrupted between the readings of the two clocks, so the monotonic
    /// clock is read before and after the lease clock.
    /// </summary>
    public HistoryTime At(long timestamp)
    {
        for (var reading = 1; ; reading++)
        {
            var least = _time.GetElapsedTime(timestamp);
            var bounds = Read();
            var most = _time.GetElapsedTime(timestamp);
            if (most - least <= _negligible || reading == MostReadings)
            {
                return Before(bounds, least, most);
            }
        }
    }

    private ClockBounds Read()
    {
        var bounds = _clock.Bounds;
        if (bounds.IsKnown)
        {
            return bounds;
        }

        var now = _time.GetUtcNow() - DateTimeOffset.UnixEpoch - _offset;
        return new ClockBounds(now - _unknownBy, now + _unknownBy);
    }

    /// <summary>The bounds of a moment that was between the least and the most time before the clock had the given bounds.</summary>
    private HistoryTime Before(ClockBounds bounds, TimeSpan least, TimeSpan most) => new(
        Microseconds(bounds.Earliest + _offset - (most * (1 + _drift))), Microseconds(bounds.Latest + _offset - (least * (1 - _drift))) + 1);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>Bounds of a time, in microseconds since 1970.</summary>
public readonly record struct HistoryTime(long Earliest, long Latest);
