using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Leasing;

public sealed class SampledLeaseClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Before_the_first_sample_every_deadline_may_have_passed_and_none_has_for_certain()
    {
        var clock = NewClock(_time);

        Assert.Equal(ClockBounds.Unknown, clock.Bounds);
        Assert.True(clock.Now > TimeSpan.FromDays(100_000));
        Assert.True(clock.Bounds.Earliest < -TimeSpan.FromDays(100_000));
    }

    [Fact]
    public void A_silo_that_does_not_know_the_clock_either_changes_nothing()
    {
        var clock = NewClock(_time);

        clock.Observe(clock.Monotonic, ClockBounds.Unknown, clock.Monotonic);

        Assert.False(clock.Bounds.IsKnown);
    }

    [Fact]
    public void It_takes_the_answer_for_as_old_as_the_request_and_for_as_young_as_the_receipt()
    {
        var clock = NewClock(_time);
        var sentAt = clock.Monotonic;
        _time.Advance(TimeSpan.FromMilliseconds(30));

        clock.Observe(sentAt, At(100), clock.Monotonic);

        // And what the clocks may have drifted apart in 30 ms, on either side.
        Assert.Equal(new ClockBounds(TimeSpan.FromMilliseconds(99_999.97), TimeSpan.FromMilliseconds(100_030.03)), clock.Bounds);
        Assert.Equal(TimeSpan.FromMilliseconds(200_030.06), clock.WhenPassed(TimeSpan.FromSeconds(200)));
    }

    [Fact]
    public void A_slow_answer_does_not_spoil_what_is_known()
    {
        var clock = NewClock(_time);
        clock.Observe(clock.Monotonic, At(100), clock.Monotonic);
        var sentAt = clock.Monotonic;
        _time.Advance(TimeSpan.FromSeconds(5));

        clock.Observe(sentAt, At(101), clock.Monotonic);

        Assert.Equal(TimeSpan.FromSeconds(105) + (TimeSpan.FromSeconds(5) * 0.001), clock.Now);
    }

    [Fact]
    public void A_clock_that_was_set_is_believed()
    {
        var clock = NewClock(_time);
        clock.Observe(clock.Monotonic, At(100), clock.Monotonic);

        clock.Observe(clock.Monotonic, At(500), clock.Monotonic);

        Assert.Equal(ClockBounds.Exactly(TimeSpan.FromSeconds(500)), clock.Bounds);
    }

    /// <summary>Times in microseconds; the database's clock is ahead by an hour and drifts by up to 500 parts in a million.</summary>
    [Fact]
    public void It_is_never_behind_the_database_never_goes_back_and_a_successor_never_starts_too_early()
    {
        var samples = Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 20_000], Gen.Int[0, 3_000_000]).Array[1, 30];
        Gen.Select(samples, Gen.Int[-500, 500]).Sample((history, drift) =>
        {
            var time = new FakeTimeProvider();
            var clock = NewClock(time);
            TimeSpan Database() => TimeSpan.FromHours(1) + (clock.Monotonic * (1 + (drift / 1_000_000.0)));
            var last = TimeSpan.Zero;
            foreach (var (there, back, pause) in history)
            {
                var sentAt = clock.Monotonic;
                time.Advance(TimeSpan.FromMicroseconds(there));
                var read = Database();
                time.Advance(TimeSpan.FromMicroseconds(back));
                clock.Observe(sentAt, ClockBounds.Exactly(read), clock.Monotonic);

                var now = clock.Now;
                Assert.True(now >= Database() && now >= last);
                last = now;

                // The successor waits for so long from now on.
                var deadline = Database() + TimeSpan.FromMicroseconds(pause);
                var quietFor = clock.WhenPassed(deadline) - now;
                time.Advance(quietFor > TimeSpan.Zero ? quietFor : TimeSpan.Zero);
                Assert.True(Database() >= deadline - TimeSpan.FromMicroseconds(0.0005 * pause) - TimeSpan.FromMicroseconds(100));
            }
        });
    }

    /// <summary>
    /// A database, two silos that sample it, and a client that samples the silos. Each machine's clock runs at a rate of its own, any process is frozen anywhere, answers
    /// are late or lost. In each history the three processes' bounds hold at every moment.
    /// </summary>
    [Fact]
    public void The_bounds_hold_for_silos_and_for_clients_of_silos_whatever_is_frozen_late_or_slewed()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Delay, Delay, Delay);
        Gen.Select(step.Array[1, 60], Rate, Rate, Rate).Sample((history, database, siloRate, clientRate) =>
        {
            var world = TimeSpan.Zero;
            var databaseClock = TimeSpan.FromHours(1);
            var silos = new[] { new Sampler(siloRate), new Sampler(1 / siloRate) };
            var client = new Sampler(clientRate);
            void Pass(TimeSpan duration)
            {
                world += duration;
                databaseClock += duration * database;
                foreach (var process in silos.Append(client))
                {
                    process.Time.Advance(duration * process.Rate);
                    var bounds = process.Clock.Bounds;
                    Assert.True(bounds.Earliest <= databaseClock && databaseClock <= bounds.Latest, $"{bounds} at {databaseClock}");
                }
            }

            foreach (var (what, which, there, back, pause) in history)
            {
                var process = which == 2 ? client : silos[which];
                var sentAt = process.Clock.Monotonic;
                Pass(there);
                var read = which == 2 ? silos[what % 2].Clock.Bounds : ClockBounds.Exactly(databaseClock);
                Pass(back);
                if (what < 3)
                {
                    process.Clock.Observe(sentAt, read, process.Clock.Monotonic);
                }

                Pass(pause);
            }
        });
    }

    /// <summary>Mostly milliseconds, sometimes as long as a process is frozen.</summary>
    private static Gen<TimeSpan> Delay { get; } = Gen.OneOf(Gen.Int[0, 20_000], Gen.Int[0, 20_000], Gen.Int[0, 90_000_000]).Select(microseconds => TimeSpan.FromMicroseconds(microseconds));

    /// <summary>As fast as chrony slews a clock.</summary>
    private static Gen<double> Rate { get; } = Gen.Int[-83_333, 83_333].Select(parts => 1 + (parts / 1_000_000.0));

    private static SampledLeaseClock NewClock(TimeProvider time) => new(time, SampledLeaseClock.NtpDrift);

    private static ClockBounds At(double seconds) => ClockBounds.Exactly(TimeSpan.FromSeconds(seconds));

    private sealed class Sampler
    {
        public Sampler(double rate)
        {
            Rate = Math.Clamp(rate, 1 - 0.083333, 1.083333);
            Clock = new SampledLeaseClock(Time, SampledLeaseClock.ChronyDrift);
        }

        public double Rate { get; }

        public FakeTimeProvider Time { get; } = new();

        public SampledLeaseClock Clock { get; }
    }
}
