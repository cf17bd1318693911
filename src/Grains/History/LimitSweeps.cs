using CioOrleans.Configuration;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>The sweeps of all limits of one configuration.</summary>
internal sealed class LimitSweeps
{
    private readonly IReadOnlyList<Sweep> _all;
    private readonly Sweep[][] _byClass;
    private readonly bool _isBoundOnly;

    public LimitSweeps(IReadOnlyList<LimitGroupSettings> groups, bool isBoundOnly)
    {
        _isBoundOnly = isBoundOnly;
        _byClass = new Sweep[LimitClassNames.All.Count][];
        Array.Fill(_byClass, []);
        var all = new List<Sweep>();
        foreach (var group in groups)
        {
            Sweep[] sweeps = [.. group.Limits.Select(limit => new Sweep(group.Classes, new WindowSweep(limit), new WindowSweep(limit)))];
            all.AddRange(sweeps);
            foreach (var limitClass in group.Classes)
            {
                _byClass[(int)limitClass] = sweeps;
            }
        }

        _all = all;
        LongestWindow = all.Select(sweep => sweep.Bounds.Limit.Window.Ticks / TimeSpan.TicksPerMicrosecond).DefaultIfEmpty(0).Max();
    }

    /// <summary>In microseconds.</summary>
    public long LongestWindow { get; }

    /// <summary>Whether a request was added.</summary>
    public bool IsUsed { get; private set; }

    public void Add(LimitClass limitClass, long sent, long ended, long precision)
    {
        IsUsed = true;
        foreach (var sweep in _byClass[(int)limitClass])
        {
            sweep.Bounds.Add(sent, ended);
            if (precision <= sweep.Exact.MostPrecision)
            {
                // In the order of their ends without the rounding, as far as that can be: an end that is set to an earlier one makes the count smaller at most.
                var last = sweep.LastExact = Math.Min(ended - precision, sweep.LastExact);
                sweep.Exact.Add(Math.Min(sent + precision, last), last);
            }
        }
    }

    public void Restart()
    {
        foreach (var sweep in _all)
        {
            sweep.Bounds.Restart();
            sweep.Exact.Restart();
        }
    }

    public IEnumerable<LimitProof> Results(long precision) => _all.Select(sweep => new LimitProof(
        sweep.Classes,
        sweep.Bounds.Limit.Permits,
        sweep.Bounds.Limit.Window,
        sweep.Bounds.Most,
        sweep.Bounds.Most > 0 ? HistoryId.ToTime(sweep.Bounds.MostAt) : null,
        sweep.Exact.Most,
        TimeSpan.FromMicroseconds(precision),
        _isBoundOnly));

    /// <param name="Classes">The classes that share the limit.</param>
    /// <param name="Bounds">Over the times as they were recorded, rounded outward.</param>
    /// <param name="Exact">Over the same times without the rounding.</param>
    private sealed record Sweep(IReadOnlyList<LimitClass> Classes, WindowSweep Bounds, WindowSweep Exact)
    {
        /// <summary>The end of the last request that was added to <see cref="Exact"/>.</summary>
        public long LastExact { get; set; } = long.MaxValue;
    }
}
