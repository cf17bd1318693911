using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>
/// Judges from the record alone whether the limits, the order of each customer's calls and the ends of calls were kept. Rows come by their ends, the latest
/// first, as the stores read them. Memory: the requests that can share a window, and a bounded number of customers.
/// </summary>
public sealed class HistoryProof
{
    private const int DefaultCustomers = 1_000_000;

    private readonly long _from;
    private readonly long _to;
    private readonly long _settled;
    private readonly IReadOnlyList<HistoryNote> _notes;
    private readonly Dictionary<long, HistoryNote.OwnerStarted> _owners = [];
    private readonly Dictionary<long, EpochRows> _epochs = [];
    private readonly Dictionary<string, LimitSweeps> _sweeps = new(StringComparer.Ordinal);
    private readonly List<NotJudged> _notJudged = [];
    private readonly CustomerSweep _customers;

    // Requests of which a row was seen and which may have further rows: the other calls of a batch, or a report that came after all.
    private readonly HashSet<(long Epoch, long Permit)> _permits = [];
    private readonly PriorityQueue<(long Epoch, long Permit), long> _permitsBySent = new();

    private LimitSweeps? _current;
    private long _currentEpoch = long.MaxValue;
    private long _rows;
    private long _requests;
    private long _unreported;
    private long _precision;

    /// <param name="notes">All notes of the workspace that are kept, in any order.</param>
    /// <param name="from">The begin of the span.</param>
    /// <param name="to">Its end.</param>
    /// <param name="settled">All rows that end before this time are stored: now, less the longest request.</param>
    /// <param name="customers">The number of customers whose order is followed at once (default: one million).</param>
    public HistoryProof(IReadOnlyList<HistoryNote> notes, DateTimeOffset from, DateTimeOffset to, DateTimeOffset settled, int customers = DefaultCustomers)
    {
        (_from, _to, _settled) = (HistoryId.Microseconds(from), HistoryId.Microseconds(to), HistoryId.Microseconds(settled));
        _notes = notes;
        _customers = new CustomerSweep(Math.Max(1, customers / 2));
        foreach (var started in notes.OfType<HistoryNote.OwnerStarted>().OrderBy(note => note.Epoch))
        {
            _owners[started.Epoch] = started;
        }

        // A span without requests is judged by the limits that were in force.
        var latest = _owners.Values.Where(owner => owner.At <= _to).MaxBy(owner => owner.Epoch);
        _current = latest is null ? null : SweepsOf(latest);
    }

    /// <summary>How far back from the end of the span rows must be read, so that no request that was sent within the span is missing.</summary>
    public static TimeSpan Overhang(IEnumerable<HistoryNote> notes) =>
        notes.OfType<HistoryNote.OwnerStarted>().Select(note => note.LongestRequest).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Adds a row. Its end is not later than that of any before.</summary>
    public void Add(in ProofRow row)
    {
        _rows++;
        _precision = Math.Max(_precision, row.Precision);
        _unreported += row.Result == HistoryResult.Unreported ? 1 : 0;
        if (row.Epoch != 0)
        {
            var sent = row.Sent ?? row.Ended;
            var rows = _epochs.GetValueOrDefault(row.Epoch, new EpochRows(sent, sent, row.Ended, 0));
            _epochs[row.Epoch] = new EpochRows(Math.Min(rows.FirstSent, sent), Math.Max(rows.LastSent, sent), rows.LastEnded, rows.Count + 1);
        }

        if (row.Sent is { } began && IsFirstOfPermit(row, began))
        {
            _requests++;
            FindLimits(row);
            _current?.Add(row.LimitClass, began, row.Ended, row.Precision);
        }

        _customers.Add(row);
    }

    /// <summary>The result, after the last row.</summary>
    public ProofReport End()
    {
        _customers.End();
        var from = JudgeBegin();
        JudgeOwners(from);
        foreach (var dropped in _notes.OfType<HistoryNote.RowsDropped>())
        {
            Note(dropped.From, dropped.At, NotJudgedReason.RowsDropped, dropped.Count);
        }

        if (_to > _settled)
        {
            Note(_settled, _to, NotJudgedReason.UnderWay);
        }

        if (_customers.ShortestMemory is { } memory)
        {
            Note(memory.From, memory.To, NotJudgedReason.ManyCustomers);
        }

        var violations = _customers.Violations;
        var count = _customers.ViolationCount;
        if (_customers.MissingEndCount > 0)
        {
            if (_unreported > 0 || _notJudged.Any(span => span.Why is NotJudgedReason.RowsDropped or NotJudgedReason.NotKept or NotJudgedReason.NoRecord))
            {
                Note(from, _to, NotJudgedReason.EndsMissing, _customers.MissingEndCount);
            }
            else
            {
                violations = [.. violations, .. _customers.MissingEnds];
                count += _customers.MissingEndCount;
            }
        }

        return new ProofReport(
            HistoryId.ToTime(from),
            HistoryId.ToTime(_to),
            _rows,
            _requests,
            [.. _sweeps.Values.SelectMany(sweeps => sweeps.Results(_precision))],
            violations,
            count,
            [.. _notJudged.OrderByDescending(span => span.From)],
            _customers.OpenCalls);
    }

    private bool IsFirstOfPermit(in ProofRow row, long sent)
    {
        while (_permitsBySent.TryPeek(out var permit, out var negative) && -negative > row.Ended)
        {
            _permitsBySent.Dequeue();
            _permits.Remove(permit);
        }

        if (row.Permit == 0)
        {
            return true;
        }

        if (!_permits.Add((row.Epoch, row.Permit)))
        {
            return false;
        }

        _permitsBySent.Enqueue((row.Epoch, row.Permit), -sent);
        return true;
    }

    /// <summary>Goes on with the limits of an earlier owner. A window that holds requests under both limits is not judged.</summary>
    private void FindLimits(in ProofRow row)
    {
        if (row.Epoch >= _currentEpoch || !_owners.TryGetValue(row.Epoch, out var owner))
        {
            return;
        }

        _currentEpoch = row.Epoch;
        var sweeps = SweepsOf(owner);
        if (ReferenceEquals(sweeps, _current))
        {
            return;
        }

        if (_current is { IsUsed: true } later)
        {
            Note(row.Ended, row.Ended + Math.Max(later.LongestWindow, sweeps.LongestWindow), NotJudgedReason.LimitsChanged);
        }

        sweeps.Restart();
        _current = sweeps;
    }

    private LimitSweeps SweepsOf(HistoryNote.OwnerStarted owner)
    {
        var name = $"{owner.TokenReturn} {string.Join(';', owner.Groups.Select(group => $"{string.Join(',', group.Classes)}:{string.Join(',', group.Limits)}"))}";
        if (!_sweeps.TryGetValue(name, out var sweeps))
        {
            sweeps = new LimitSweeps(owner.Groups, owner.TokenReturn == TokenReturn.AfterSend);
            _sweeps.Add(name, sweeps);
        }

        return sweeps;
    }

    /// <summary>Where the record begins within the span.</summary>
    private long JudgeBegin()
    {
        var deleted = _notes.OfType<HistoryNote.RowsDeleted>().Select(note => note.At).DefaultIfEmpty(long.MinValue).Max();
        if (deleted > _from)
        {
            Note(_from, deleted, NotJudgedReason.RowsDeleted);
        }

        var first = _owners.Values.MinBy(owner => owner.Epoch);
        if (first is null)
        {
            Note(_from, _to, NotJudgedReason.NoRecord, _rows);
            return _from;
        }

        if (first.At <= _from)
        {
            return _from;
        }

        // Before the first owner of all nothing was sent.
        if (first.Epoch > 1 && deleted < first.At)
        {
            Note(_from, first.At, NotJudgedReason.NoRecord);
        }

        return Math.Min(first.At, _to);
    }

    private void JudgeOwners(long from)
    {
        var stopped = _notes.OfType<HistoryNote.OwnerStopped>().GroupBy(note => note.Epoch).ToDictionary(notes => notes.Key, notes => notes.Max(note => note.At));
        var owners = _owners.Values.OrderBy(owner => owner.Epoch).ToList();
        for (var i = 0; i < owners.Count; i++)
        {
            var (owner, next) = (owners[i], i + 1 < owners.Count ? owners[i + 1] : null);
            var lastEnded = _epochs.TryGetValue(owner.Epoch, out var rows) ? rows.LastEnded : owner.At;
            if (owner.Kept != KeptAttempts.All)
            {
                Note(owner.At, next?.At ?? _to, NotJudgedReason.NotKept);
            }

            if (next is null)
            {
                continue;
            }

            if (next.Epoch > owner.Epoch + 1)
            {
                Note(stopped.GetValueOrDefault(owner.Epoch, lastEnded), next.At, NotJudgedReason.NoRecord, next.Epoch - owner.Epoch - 1);
            }

            if (!stopped.ContainsKey(owner.Epoch))
            {
                // The owner lived when it granted the permit of the request that was sent last. What was under way at its end may have no row, though other
                // silos have stored rows of this epoch since.
                // And it may go on after the next owner has taken the lease, which waits for it before it sends.
                var longest = Microseconds(owner.LongestRequest);
                var lived = (rows.Count > 0 ? rows.LastSent : owner.At) - longest;
                Note(Math.Max(owner.At, lived - longest), next.At + longest, NotJudgedReason.LostOwner);
            }
        }

        foreach (var (epoch, rows) in _epochs)
        {
            if (!_owners.ContainsKey(epoch) && rows.LastEnded >= from)
            {
                Note(rows.FirstSent, rows.LastEnded, NotJudgedReason.NoRecord, rows.Count);
            }
        }
    }

    /// <summary>Adds what lies within the span.</summary>
    private void Note(long from, long to, NotJudgedReason why, long count = 0)
    {
        (from, to) = (Math.Max(from, _from), Math.Min(to, _to));
        if (from < to || (from == to && count > 0))
        {
            _notJudged.Add(new NotJudged(HistoryId.ToTime(from), HistoryId.ToTime(to), why, count));
        }
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly record struct EpochRows(long FirstSent, long LastSent, long LastEnded, long Count);
}
