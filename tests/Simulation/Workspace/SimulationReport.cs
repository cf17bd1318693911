using CioOrleans.Grains.Scheduling;

namespace CioOrleans.Simulation;

/// <summary>What happened in a run that kept every promise.</summary>
internal sealed record SimulationReport
{
    /// <summary>Dead letters that held the queues of their customers.</summary>
    public long Holds { get; init; }

    /// <summary>Holds that were ended: by a replay in place, a discard, a change of the policy.</summary>
    public IReadOnlyDictionary<string, int> HoldsEnded { get; init; } = new Dictionary<string, int>();

    public required TimeSpan Duration { get; init; }

    public required long Delivered { get; init; }

    public required long DeadLetters { get; init; }

    /// <summary>Calls that an operator discarded while they waited.</summary>
    public required long Discarded { get; init; }

    /// <summary>Accepted calls that always fail.</summary>
    public required long Poison { get; init; }

    /// <summary>Accepted calls that can never leave.</summary>
    public required long Unsendable { get; init; }

    /// <summary>Dead letters that an operator replayed.</summary>
    public required long Replayed { get; init; }

    public required long Restarts { get; init; }

    /// <summary>The most arrivals within one window of the first limit.</summary>
    public required int MostInWindow { get; init; }

    /// <summary>Calls that were taken more than once.</summary>
    public required long Repeats { get; init; }

    /// <summary>How much longer than its fair share and two windows a live call waited, at the worst; negative when none did. Only meaningful without faults.</summary>
    public required TimeSpan WorstWaitBeyondFairShare { get; init; }

    /// <summary>Of the last owner.</summary>
    public required SchedulerStatus Status { get; init; }

    /// <summary>In ascending order.</summary>
    public required IReadOnlyList<TimeSpan> Arrivals { get; init; }

    /// <summary>Arrivals per second from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public double Rate(TimeSpan from, TimeSpan to) => Arrivals.Count(a => a >= from && a < to) / (to - from).TotalSeconds;
}
