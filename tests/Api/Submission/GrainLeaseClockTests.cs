using CioOrleans.Client;
using CioOrleans.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Submission;

/// <summary>A process without a database, which asks silos for the lease clock.</summary>
public sealed class GrainLeaseClockTests
{
    private static readonly ClockBounds _hour = ClockBounds.Exactly(TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _time = new();
    private readonly List<object?> _asked = [];
    private readonly GrainLeaseClock _clock;

    private Func<ValueTask<ClockBounds>> _answer = () => new(_hour);

    public GrainLeaseClockTests() => _clock = new GrainLeaseClock(
        FakeGrains.Create<IGrainFactory>((_, args) =>
        {
            lock (_asked)
            {
                _asked.Add(args[0]);
            }

            return FakeGrains.Create<ILeaseClockGrain>((_, _) => _answer());
        }),
        _time);

    [Fact]
    public async Task The_first_reading_waits_for_a_silo_and_those_of_the_next_two_seconds_ask_nobody()
    {
        Assert.False(_clock.Bounds.IsKnown);
        Assert.Equal(_hour, await _clock.ReadAsync());

        _time.Advance(GrainLeaseClock.FreshFor - TimeSpan.FromTicks(1));
        var later = await _clock.ReadAsync();

        // Each way by a fifth: as fast as clocks may be slewed against each other.
        var passed = GrainLeaseClock.FreshFor - TimeSpan.FromTicks(1);
        Assert.Equal((_hour.Earliest + (passed * 0.8), _hour.Latest + (passed * 1.2)), (later.Earliest, later.Latest));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_reading_that_is_a_little_old_is_used_while_another_silo_is_asked()
    {
        await _clock.ReadAsync();
        var answer = new TaskCompletionSource<ClockBounds>();
        _answer = () => new(answer.Task);
        _time.Advance(GrainLeaseClock.FreshFor);

        var reading = _clock.ReadAsync();
        var another = _clock.ReadAsync();

        Assert.True(reading.IsCompleted && another.IsCompleted);
        answer.SetResult(_hour);
        await WaitAsync(() => _asked.Count == 2);
        Assert.NotEqual(_asked[0], _asked[1]);
    }

    [Fact]
    public async Task A_reading_that_is_too_old_waits_for_the_answer_and_a_slow_answer_is_a_wide_one()
    {
        await _clock.ReadAsync();
        var answer = new TaskCompletionSource<ClockBounds>();
        _answer = () => new(answer.Task);
        _time.Advance(TimeSpan.FromMinutes(1));

        var reading = _clock.ReadAsync().AsTask();
        await WaitAsync(() => _asked.Count == 2);
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        answer.SetResult(ClockBounds.Exactly(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1)));

        // The silo looked at its clock at some moment of that second.
        var bounds = await reading;
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(60 - 0.2), bounds.Earliest);
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(61 + 0.2), bounds.Latest);
    }

    [Fact]
    public async Task Another_silo_is_asked_where_one_does_not_answer_or_does_not_know()
    {
        var answers = new Queue<ValueTask<ClockBounds>>([ValueTask.FromException<ClockBounds>(new TimeoutException()), new(_hour)]);
        _answer = answers.Dequeue;
        Assert.Equal(_hour, await _clock.ReadAsync());

        _time.Advance(TimeSpan.FromMinutes(1));
        answers.Enqueue(new(ClockBounds.Unknown));
        answers.Enqueue(new(ClockBounds.Exactly(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1))));
        Assert.Equal(TimeSpan.Zero, (await _clock.ReadAsync()).Width);
        Assert.Equal(4, _asked.Distinct().Count());
    }

    [Fact]
    public async Task Where_no_silo_answers_what_is_known_goes_on_and_what_is_not_stays_unknown()
    {
        _answer = () => throw new SiloUnavailableException();
        Assert.Equal(ClockBounds.Unknown, await _clock.ReadAsync());

        _answer = () => new(_hour);
        await _clock.ReadAsync();
        _answer = () => throw new SiloUnavailableException();
        _time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal(new ClockBounds(_hour.Earliest + TimeSpan.FromSeconds(80), _hour.Latest + TimeSpan.FromSeconds(120)), await _clock.ReadAsync());
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo() && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
