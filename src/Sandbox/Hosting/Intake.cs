using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Limits;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>
/// Serialises the arrivals of requests. One lock covers the reading of the clock, the log and the limits, so that arrivals are totally ordered and the
/// log and the limits count every window alike.
/// </summary>
internal sealed class Intake
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly SandboxOptions _options;
    private readonly LimitEnforcer _limits;
    private readonly Random _random;
    private readonly long _start;
    private readonly DateTimeOffset _startedAt;
    private ArrivalLog _log = new();
    private volatile SandboxFaults _faults;

    public Intake(SandboxOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _options = options;
        _limits = new LimitEnforcer(options.Limits);
        _random = new Random(options.Seed);
        _faults = options.Faults;
        _start = timeProvider.GetTimestamp();
        _startedAt = timeProvider.GetUtcNow();
    }

    public SandboxFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>Counts a request that arrives now, and decides its admission, its fault and its latency.</summary>
    public Arrival Take(EndpointClass endpointClass)
    {
        var faults = _faults;
        lock (_lock)
        {
            var now = _timeProvider.GetElapsedTime(_start);
            _log.Add(endpointClass, now);
            return new Arrival(now, _limits.Admit(endpointClass, now), faults.Fate(_random.NextDouble(), endpointClass), faults, _options.Latency.Sample(_random));
        }
    }

    /// <summary>Whether the next operation of a v2 request is refused.</summary>
    public bool FailsItem()
    {
        var share = _faults.FailedItems;
        if (share == 0)
        {
            return false;
        }

        lock (_lock)
        {
            return _random.NextDouble() < share;
        }
    }

    public ArrivalSnapshot Snapshot()
    {
        lock (_lock)
        {
            return _log.Snapshot();
        }
    }

    /// <summary>The wall clock's time of a moment in the log.</summary>
    public DateTimeOffset ToUtc(TimeSpan moment) => _startedAt + moment;

    /// <summary>Deletes the arrivals. The limits keep what they have admitted.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _log = new ArrivalLog();
        }
    }
}
