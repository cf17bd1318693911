namespace CioOrleans.Leasing;

/// <summary>The lease clock of a process without a database: any silo tells its bounds, when somebody here asks for them.</summary>
internal sealed class GrainLeaseClock(IGrainFactory grains, TimeProvider time) : ILeaseClock
{
    /// <summary>An answer that is older is followed by another question.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    /// <summary>Bounds that are wider than this are not used before the next answer, or its failure.</summary>
    public static readonly TimeSpan UsableWidth = TimeSpan.FromSeconds(1);

    /// <summary>A client sends the calls of one key through one silo, which may hang: so the next question bears another key.</summary>
    private const int Keys = 16;

    /// <summary>Questions before the clock is given up for the moment.</summary>
    private const int Attempts = 2;

    private readonly SampledLeaseClock _clock = new(time, SampledLeaseClock.ChronyDrift);
    private readonly Lock _gate = new();
    private Task _question = Task.CompletedTask;
    private int _key;

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

    /// <summary>One question at a time, off the scheduler of the grain that may be asking.</summary>
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
                var bounds = await grains.GetGrain<ILeaseClockGrain>(_key++ % Keys).Read();
                _clock.Observe(sentAt, bounds, _clock.Monotonic);
                if (bounds.IsKnown)
                {
                    return;
                }
            }
            catch (Exception)
            {
                // The bounds that are known hold meanwhile, wider by the drift. A caller that gets none is told so.
            }
        }
    }
}
