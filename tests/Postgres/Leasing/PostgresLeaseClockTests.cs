using CioOrleans.Leasing;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Postgres.Tests.Leasing;

public sealed class PostgresLeaseClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Before_the_first_sample_every_deadline_has_passed() =>
        Assert.True(new PostgresLeaseClock(_time).Now > TimeSpan.FromDays(100_000));

    [Fact]
    public void It_takes_the_answer_for_as_old_as_the_request()
    {
        var clock = new PostgresLeaseClock(_time);
        var sentAt = clock.Monotonic;
        _time.Advance(TimeSpan.FromMilliseconds(30));

        clock.Observe(sentAt, TimeSpan.FromSeconds(100), clock.Monotonic);

        // And what the clocks may have drifted apart in 30 ms, on either side.
        Assert.Equal(TimeSpan.FromMilliseconds(100_030.03), clock.Now);
        Assert.Equal(TimeSpan.FromMilliseconds(200_030.06), clock.WhenPassed(TimeSpan.FromSeconds(200)));
    }

    [Fact]
    public void A_slow_answer_does_not_spoil_what_is_known()
    {
        var clock = new PostgresLeaseClock(_time);
        clock.Observe(clock.Monotonic, TimeSpan.FromSeconds(100), clock.Monotonic);
        var sentAt = clock.Monotonic;
        _time.Advance(TimeSpan.FromSeconds(5));

        clock.Observe(sentAt, TimeSpan.FromSeconds(101), clock.Monotonic);

        Assert.Equal(TimeSpan.FromSeconds(105) + (TimeSpan.FromSeconds(5) * 0.001), clock.Now);
    }

    [Fact]
    public void A_database_whose_clock_was_set_is_believed()
    {
        var clock = new PostgresLeaseClock(_time);
        clock.Observe(clock.Monotonic, TimeSpan.FromSeconds(100), clock.Monotonic);

        clock.Observe(clock.Monotonic, TimeSpan.FromSeconds(500), clock.Monotonic);

        Assert.Equal(TimeSpan.FromSeconds(500), clock.Now);
    }

    /// <summary>Times in microseconds; the database's clock is ahead by an hour and drifts by up to 500 parts in a million.</summary>
    [Fact]
    public void It_is_never_behind_the_database_never_goes_back_and_a_successor_never_starts_too_early()
    {
        var samples = Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 20_000], Gen.Int[0, 3_000_000]).Array[1, 30];
        Gen.Select(samples, Gen.Int[-500, 500]).Sample((history, drift) =>
        {
            var time = new FakeTimeProvider();
            var clock = new PostgresLeaseClock(time);
            TimeSpan Database() => TimeSpan.FromHours(1) + (clock.Monotonic * (1 + (drift / 1_000_000.0)));
            var last = TimeSpan.Zero;
            foreach (var (there, back, pause) in history)
            {
                var sentAt = clock.Monotonic;
                time.Advance(TimeSpan.FromMicroseconds(there));
                var read = Database();
                time.Advance(TimeSpan.FromMicroseconds(back));
                clock.Observe(sentAt, read, clock.Monotonic);

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
}
