using CioOrleans.Customers;
using CioOrleans.Leasing;

namespace CioOrleans.Client;

/// <summary>
/// The deadlines of a process that passes calls to grains. After an accept whose outcome is unknown, the caller may be answered only once the deadline has
/// passed for certain. After an earlier answer the caller could repeat the call and make later calls that are stored before the first one.
/// </summary>
public sealed class AcceptDeadlines(ILeaseClock clock, TimeProvider time)
{
    /// <summary>
    /// The maximum wait for the end of a deadline. A deadline ends later than <see cref="AcceptDeadline.Length"/> only by the uncertainty of the lease clock, which is
    /// milliseconds. A deadline is further away than this only after the database's clock was set back.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The answer if the process does not know the lease clock. Nothing was sent to a grain.</summary>
    public static readonly AcceptResult.Unavailable NoClock = new("No silo can be reached at the moment. Try again.", TimeSpan.FromSeconds(1));

    /// <summary>The answer if a grain refuses its key. Nothing was accepted.</summary>
    public static readonly AcceptResult.Unavailable WrongKey = new("The dispatcher cannot take calls at the moment. Try again.", GrainKeyReader.Every);

    /// <summary>The answer after <see cref="WaitUntilPassedAsync"/>.</summary>
    public static readonly AcceptResult.Uncertain Uncertain = new("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    /// <summary>The deadline of an accept that begins now; null if the lease clock is not known, so that nothing can be accepted.</summary>
    public ValueTask<AcceptDeadline?> StartAsync()
    {
        var reading = clock.ReadAsync();
        return reading.IsCompletedSuccessfully ? new ValueTask<AcceptDeadline?>(Start(reading.Result)) : AfterAsync(reading);

        static async ValueTask<AcceptDeadline?> AfterAsync(ValueTask<ClockBounds> reading) => Start(await reading);
    }

    /// <summary>Waits until the deadline has passed for certain, or for <see cref="LongestWait"/>.</summary>
    public async Task WaitUntilPassedAsync(AcceptDeadline deadline)
    {
        var began = time.GetTimestamp();
        while (await clock.ReadAsync() is var bounds && !deadline.HasPassed(bounds) && LongestWait - time.GetElapsedTime(began) is var patience && patience > TimeSpan.Zero)
        {
            // Bounds that become narrower during the wait shorten it.
            await Task.Delay(Shortest(deadline.At - bounds.Earliest, patience, _longestPause), time);
        }
    }

    private static AcceptDeadline? Start(ClockBounds now) => now.IsKnown ? AcceptDeadline.After(now, AcceptDeadline.Length) : null;

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other, TimeSpan third)
    {
        var shortest = one < other ? one : other;
        shortest = shortest < third ? shortest : third;

        // A timer counts whole milliseconds and must not fire early.
        return TimeSpan.FromMilliseconds(Math.Ceiling(shortest.TotalMilliseconds));
    }
}
