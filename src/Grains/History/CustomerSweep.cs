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

        // A call that holds its queue may have rows later on, and may have none.
        var mayEnd = isEnd || row.Result == HistoryResult.Held;
        if (Find(row.Customer) is not { } later)
        {
            OpenCalls += isEnd ? 0 : 1;
            Keep(row, Later.Of(row, mayEnd) with { IsOpen = !isEnd });
            return;
        }

        if (row.Sequence > later.Sequence)
        {
            // Rows come by bounds. The wider bound of an earlier call may lie behind that of the next call, so only what certainly was sent too early counts.
            // Operators discard calls from the middle of a queue.
            if (row.Result != HistoryResult.Discarded && Math.Min(Later.LatestSent(row), Later.EarliestEnd(row)) < later.Ended)
            {
                Report(ProofViolationKind.Order, row, later);
            }
            else
            {
                Keep(row, later with { FirstSent = Math.Min(later.FirstSent, Later.CertainlySent(row)) });
            }

            return;
        }

        if (row.Sent is not null && Later.EarliestEnd(row) > later.FirstSent)
        {
            Report(ProofViolationKind.Overlap, row, later);
        }

        if (row.Sequence < later.Sequence)
        {
            Close(row.Customer, later);
            Keep(row, Later.Of(row, mayEnd) with { FirstSent = Math.Min(later.FirstSent, Later.CertainlySent(row)), Next = later.Sequence });
            return;
        }

        if (isEnd && (later.HasEnd || later.LastSent > row.Ended))
        {
            Report(ProofViolationKind.SecondEnd, row, later);
        }
        else if (isEnd && later.IsOpen)
        {
            OpenCalls--;
        }

        Keep(row, later with
        {
            FirstSent = Math.Min(later.FirstSent, Later.CertainlySent(row)),
            LastSent = Math.Max(later.LastSent, row.Sent ?? long.MinValue),
            Ended = Math.Max(later.Ended, Later.EarliestEnd(row)),
            HasEnd = later.HasEnd || mayEnd,
            IsOpen = later.IsOpen && !isEnd,
        });
    }

    /// <summary>The last row was added.</summary>
    public void End()
    {
        foreach (var (customer, later) in _young)
        {
            Close(customer, later);
        }

        foreach (var (customer, later) in _old)
        {
            if (!_young.ContainsKey(customer))
            {
                Close(customer, later);
            }
        }
    }

    /// <summary>No more rows of a call come.</summary>
    private void Close(long customer, Later later)
    {
        if (later.HasEnd || later.Next == 0)
        {
            return;
        }

        MissingEndCount++;
        if (_missingEnds.Count < MaxViolations)
        {
            _missingEnds.Add(new ProofViolation(ProofViolationKind.NoEnd, HistoryId.ToTime(later.Ended), customer, later.Sequence, later.Next));
        }
    }

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

    /// <summary>What was seen of a customer.</summary>
    /// <param name="Sequence">The lowest sequence of the later rows.</param>
    /// <param name="FirstSent">By when the earliest of the later requests was sent for certain.</param>
    /// <param name="LastSent">The earliest time at which the last request of that sequence can have been sent.</param>
    /// <param name="Ended">The earliest time at which the last row of that sequence can have ended.</param>
    /// <param name="HasEnd">Whether an end of that sequence was seen.</param>
    /// <param name="Next">The sequence above it; 0 if none was seen.</param>
    private readonly record struct Later(long Sequence, long FirstSent, long LastSent, long Ended, bool HasEnd, long Next)
    {
        /// <summary>Whether it is counted as an open call.</summary>
        public bool IsOpen { get; init; }

        public static Later Of(in ProofRow row, bool isEnd) => new(row.Sequence, CertainlySent(row), row.Sent ?? long.MinValue, EarliestEnd(row), isEnd, 0);

        public static long LatestSent(in ProofRow row) => row.Sent + row.Precision ?? long.MaxValue;

        public static long EarliestEnd(in ProofRow row) => row.Ended - row.Precision;

        /// <summary>Only where the request certainly lasted: where the precision is coarser than the request, it overlaps nothing for certain.</summary>
        public static long CertainlySent(in ProofRow row) => LatestSent(row) <= EarliestEnd(row) ? LatestSent(row) : long.MaxValue;
    }
}
