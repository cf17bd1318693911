using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;
using NSubstitute;

namespace CioOrleans.Rules.Tests.History;

public sealed class HistoryClockTests
{
    [Fact]
    public void The_bounds_of_a_moment_hold_it_even_if_the_process_is_interrupted_at_every_reading_of_a_clock()
    {
        var time = new InterruptedTime();
        var clock = ClockOf(time);
        var moment = time.GetTimestamp();
        time.Always = TimeSpan.FromMilliseconds(5);

        var bounds = clock.At(moment);

        Assert.InRange(Microseconds(moment), bounds.Earliest, bounds.Latest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_interruption_leaves_the_bounds_as_narrow_as_they_are_without_it(int reading)
    {
        var time = new InterruptedTime();
        var clock = ClockOf(time);
        var moment = time.GetTimestamp();
        time.InterruptAt(reading, TimeSpan.FromMilliseconds(5));

        var bounds = clock.At(moment);

        Assert.InRange(Microseconds(moment), bounds.Earliest, bounds.Latest);
        Assert.Equal(1, bounds.Latest - bounds.Earliest);
    }

    private static HistoryClock ClockOf(InterruptedTime time)
    {
        var clock = Substitute.For<ILeaseClock>();
        clock.Bounds.Returns(_ => ClockBounds.Exactly(TimeSpan.FromTicks(time.GetTimestamp())));
        return new HistoryClock(clock, Substitute.For<IOutbox>(), time);
    }

    private static long Microseconds(long timestamp) => (InterruptedTime.Begin - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond + (timestamp / TimeSpan.TicksPerMicrosecond);

    /// <summary>Time that passes only while the process is interrupted: after it has read a clock.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        public static readonly DateTimeOffset Begin = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

        private long _now;
        private int _until = -1;
        private TimeSpan _once;

        /// <summary>How long each interruption takes.</summary>
        public TimeSpan Always { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void InterruptAt(int reading, TimeSpan length) => (_until, _once) = (reading, length);

        public override long GetTimestamp()
        {
            var now = _now;
            _now += Always.Ticks + (_until-- == 0 ? _once.Ticks : 0);
            return now;
        }

        public override DateTimeOffset GetUtcNow() => Begin.AddTicks(_now);
    }
}
