using CioOrleans.History;

namespace CioOrleans.Grains.History;

/// <summary>
/// Judges the order of each customer's requests and the ends of its calls. Rows come by their ends, the latest first. For each customer it keeps what the next
/// later row was. A cache of two generations bounds the memory: when the young one is full it replaces the old one, and customers that had no row meanwhile are
/// dropped.
/// </summary>
/// <param name="generation">The number of customers in a generation.</param>
internal sealed class CustomerSweep(int generation)
{
    private const int MaxViolations = 20;

    private readonly List<ProofViolation> _violations = [];
    private readonly List<ProofViolation> _missingEnds = [];
    private Dictionary<long, Later> _young = [];
    private Dictionary<long, Later> _old = [];
    private long _rotatedAt = long.MaxValue;

    public IReadOnlyList<ProofViolation> Violations => _violations;

    public long ViolationCount { get; private set; }

    /// <summary>Calls without an end that had later calls behind them.</summary>
    public IReadOnlyList<ProofViolation> MissingEnds => _missingEnds;

    public long MissingEndCount { get; private set; }

    /// <summary>Calls with attempts and without an end that had no later call behind them.</summary>
    public long OpenCalls { get; private set; }

    /// <summary>The shortest time for which a customer was remembered before it was dropped; null if none was dropped.</summary>
    public (long From, long To)? ShortestMemory { get; private set; }

    public void Add(in ProofRow row)
    {
        if (row.Customer == 0 || row.Sequence == 0)
        {
            return;
        }

        var isEnd = row.Result.IsEnd();
        if (Find(row.Customer) is not { } later)
        {
            OpenCalls += isEnd ? 0 : 1;
            Keep(row, new Later(row.Sequence, SentOf(row)));
            return;
        }

        if (row.Sequence > later.Sequence)
        {
            // Operators discard calls from the middle of a queue.
            if (row.Result != HistoryResult.Discarded)
            {
                Report(ProofViolationKind.Order, row, later);
            }

            return;
        }

        if (row.Sent is not null && row.Ended - row.Precision > later.FirstSent)
        {
            Report(ProofViolationKind.Overlap, row, later);
        }

        if (row.Sequence == later.Sequence && isEnd)
        {
            Report(ProofViolationKind.SecondEnd, row, later);
        }
        else if (row.Sequence < later.Sequence && !isEnd)
        {
            MissingEndCount++;
            if (_missingEnds.Count < MaxViolations)
            {
                _missingEnds.Add(Violation(ProofViolationKind.NoEnd, row, later));
            }
        }

        Keep(row, new Later(row.Sequence, Math.Min(later.FirstSent, SentOf(row))));
    }

    private static long SentOf(in ProofRow row) => row.Sent + row.Precision ?? long.MaxValue;

    private void Report(ProofViolationKind kind, in ProofRow row, Later later)
    {
        ViolationCount++;
        if (_violations.Count < MaxViolations)
        {
            _violations.Add(Violation(kind, row, later));
        }
    }

    private static ProofViolation Violation(ProofViolationKind kind, in ProofRow row, Later later) =>
        new(kind, HistoryId.ToTime(row.Ended), row.Customer, row.Sequence, later.Sequence);

    private Later? Find(long customer) => _young.TryGetValue(customer, out var later) || _old.TryGetValue(customer, out later) ? later : null;

    private void Keep(in ProofRow row, Later later)
    {
        if (_young.Count >= generation && !_young.ContainsKey(row.Customer))
        {
            if (_old.Count > 0 && (ShortestMemory is not { } shortest || _rotatedAt - row.Ended < shortest.To - shortest.From))
            {
                ShortestMemory = (row.Ended, _rotatedAt);
            }

            (_old, _young) = (_young, _old);
            _young.Clear();
            _rotatedAt = row.Ended;
        }

        _young[row.Customer] = later;
    }

    /// <param name="Sequence">The lowest sequence of the later rows.</param>
    /// <param name="FirstSent">When the earliest of the later requests was sent at the latest.</param>
    private readonly record struct Later(long Sequence, long FirstSent);
}
