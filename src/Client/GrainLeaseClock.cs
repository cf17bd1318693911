using CioOrleans.Addressing;
using CioOrleans.Leasing;

namespace CioOrleans.Client;

/// <summary>The lease clock of a process without a database. It asks a silo for the bounds when they are needed.</summary>
internal sealed class GrainLeaseClock(IGrainFactory grains, TimeProvider time) : ILeaseClock
{
    /// <summary>The age of an answer after which the next read asks again.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    /// <summary>Bounds that are wider than this are not used until the question is answered or has failed.</summary>
    public static readonly TimeSpan UsableWidth = TimeSpan.FromSeconds(1);

    /// <summary>The number of questions before a read fails.</summary>
    private const int Attempts = 2;

    private readonly SampledLeaseClock _clock = new(time, SampledLeaseClock.ChronyDrift);
    private readonly Lock _gate = new();
    private Task _question = Task.CompletedTask;
    private int _turn;

    public ClockBounds Bounds => _clock.Bounds;

    public ValueTask<ClockBounds> ReadAsync()
    {
        if (_clock.Age < FreshFor)
        {
            return new ValueTask<ClockBounds>(Bounds);
        }

        var question = Ask();
        var bounds = Bounds;
        return bounds.IsKnown && bounds.Width <= UsableWidth ? new ValueTask<ClockBounds>(bounds) : AfterAsync(question);
    }

    private async ValueTask<ClockBounds> AfterAsync(Task question)
    {
        await question;
        return Bounds;
    }

    /// <summary>Asks one question at a time, not on the task scheduler of the grain that may be reading.</summary>
    private Task Ask()
    {
        lock (_gate)
        {
            return _question.IsCompleted ? _question = Task.Run(AskAsync) : _question;
        }
    }

    private async Task AskAsync()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                var sentAt = _clock.Monotonic;
                var bounds = await grains.GetInTurn<ILeaseClockGrain>(ref _turn).Read();
                _clock.Observe(sentAt, bounds, _clock.Monotonic);
                if (bounds.IsKnown)
                {
                    return;
                }
            }
            catch (Exception)
            {
                // The known bounds stay valid and widen with the drift. A reader without bounds gets ClockBounds.Unknown.
            }
        }
    }
}
