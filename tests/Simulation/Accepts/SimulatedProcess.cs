using CioOrleans.Leasing;

namespace CioOrleans.Simulation.Accepts;

/// <summary>A process whose monotonic clock has its own rate. Nothing happens in a frozen process; the clock of a suspended machine stops.</summary>
internal sealed class SimulatedProcess
{
    private readonly EventQueue _events;
    private readonly VirtualTime _world;

    public SimulatedProcess(EventQueue events, VirtualTime world, double rate)
    {
        (_events, _world) = (events, world);
        Time = new ProcessTime(world, rate);
        Clock = new SampledLeaseClock(Time, SampledLeaseClock.ChronyDrift);
    }

    public SampledLeaseClock Clock { get; }

    public TimeSpan FrozenUntil { get; private set; }

    /// <summary>Packets to and from it are held until then, and sent again a while later.</summary>
    public TimeSpan CutUntil { get; private set; }

    /// <summary>The same between it and the database alone: it goes on taking calls meanwhile.</summary>
    public TimeSpan CutFromDatabaseUntil { get; private set; }

    private ProcessTime Time { get; }

    public bool IsAway => _world.Now < FrozenUntil || _world.Now < CutUntil || _world.Now < CutFromDatabaseUntil;

    public void Freeze(TimeSpan duration) => FrozenUntil = Later(FrozenUntil, _world.Now + duration);

    public void Suspend(TimeSpan duration)
    {
        Freeze(duration);
        Time.StandStillUntil(FrozenUntil);
    }

    public void Cut(TimeSpan duration) => CutUntil = Later(CutUntil, _world.Now + duration);

    public void CutFromDatabase(TimeSpan duration) => CutFromDatabaseUntil = Later(CutFromDatabaseUntil, _world.Now + duration);

    /// <summary>Something that this process does after a while, or as soon as it is not frozen any more.</summary>
    public void In(TimeSpan delay, Action happens) => _events.In(delay, () => WhenAwake(happens));

    private void WhenAwake(Action happens)
    {
        if (_world.Now < FrozenUntil)
        {
            _events.At(FrozenUntil, () => WhenAwake(happens));
        }
        else
        {
            happens();
        }
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class ProcessTime(VirtualTime world, double rate) : TimeProvider
    {
        private TimeSpan _stoodStill;
        private TimeSpan _from;
        private TimeSpan _until;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = world.Now < _until ? _from : world.Now;
            return (long)((now - _stoodStill).Ticks * rate);
        }

        public void StandStillUntil(TimeSpan moment)
        {
            _from = world.Now < _until ? _from : world.Now;
            _stoodStill += moment - Later(_until, world.Now);
            _until = moment;
        }
    }
}
