namespace CioOrleans.Silo.Observability;

/// <summary>
/// Decides which log lines are written while the same event repeats. The first few lines of a kind are written; the others are counted, and one line sums them
/// up at the end of a period. The period doubles while lines keep coming. Not thread-safe.
/// </summary>
/// <typeparam name="TKind">What makes two lines the same kind.</typeparam>
internal sealed class RepeatedLines<TKind>
    where TKind : notnull
{
    /// <summary>The number of lines of a kind that are written before the others are counted.</summary>
    public const int Shown = 3;

    /// <summary>The maximum number of kinds; lines of further kinds are always written.</summary>
    private const int MaxKinds = 1_000;

    public static readonly TimeSpan FirstPeriod = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromMinutes(5);

    private readonly Dictionary<TKind, Flood> _floods = [];

    /// <summary>Whether to write a line.</summary>
    public bool IsShown(TKind kind, TimeSpan now)
    {
        if (!_floods.TryGetValue(kind, out var flood))
        {
            if (_floods.Count < MaxKinds)
            {
                _floods.Add(kind, new Flood { EndsAt = now + FirstPeriod, Period = FirstPeriod, Seen = 1 });
            }

            return true;
        }

        flood.Seen++;
        if (flood.Seen <= Shown)
        {
            return true;
        }

        flood.Hidden++;
        return false;
    }

    /// <summary>The kinds whose period has ended, and how many lines of each were not written in it. Call it about once a second.</summary>
    public IReadOnlyList<(TKind Kind, long Hidden, TimeSpan Period)> TakeSums(TimeSpan now)
    {
        List<(TKind, long, TimeSpan)> sums = [];
        foreach (var (kind, flood) in _floods.Where(flood => flood.Value.EndsAt <= now).ToArray())
        {
            if (flood.Hidden == 0)
            {
                _floods.Remove(kind);
                continue;
            }

            sums.Add((kind, flood.Hidden, flood.Period));
            flood.Hidden = 0;
            flood.Period = flood.Period * 2 < LongestPeriod ? flood.Period * 2 : LongestPeriod;
            flood.EndsAt = now > TimeSpan.MaxValue - flood.Period ? now : now + flood.Period;
        }

        return sums;
    }

    private sealed class Flood
    {
        public required TimeSpan EndsAt { get; set; }

        public required TimeSpan Period { get; set; }

        public required long Seen { get; set; }

        public long Hidden { get; set; }
    }
}
