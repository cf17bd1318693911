using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Customers;

/// <summary>
/// One random history of a <see cref="CallQueue"/> above an outbox, with one activation of its grain and one owner. Everything that the grain
/// awaits is split into steps, so that accepts, commits, reports, loads, permits and ends overlap in every way. Loads overlap each other and fail.
/// Commits fail, or are stored and reported as failed. Reports of commits arrive in any order.
/// </summary>
internal sealed class OverlappingHistory
{
    private const int MostLoads = 3;

    private readonly Random _random;
    private readonly Guid _activation = Guid.NewGuid();
    private readonly CallQueue _queue;
    private readonly AcceptedMarks _marks = new();
    private readonly List<OutboxRow> _handedOver = [];
    private readonly List<(OutboxRow Row, bool IsStored)> _reports = [];
    private readonly List<OutboxRow> _outbox = [];
    private readonly List<Load> _loads = [];
    private readonly List<Ask> _asks = [];

    // Calls whose accept was acknowledged and whose end is not stored.
    private readonly HashSet<long> _accepted = [];
    private readonly List<long> _stored = [];
    private readonly List<long> _delivered = [];
    private long _lastStored;

    // What the workspace's owner knows: whether this customer has work, and whether a hint came while a permit was out.
    private bool _ownerKnows;
    private bool _isDirty;
    private Phase _permit = Phase.None;
    private long _sent;

    public OverlappingHistory(int seed)
    {
        _random = new Random(seed);
        _queue = new CallQueue(new PayloadBudget(seed % 3 == 0 ? 3_000 : 1_000_000), _activation);
        for (var i = _random.Next(2) == 0 ? 0 : _random.Next(40); i > 0; i--)
        {
            // An earlier activation has left these, and the owner knows of them.
            Store(CallQueueTests.Row(++_lastStored));
            _accepted.Add(_lastStored);
            _ownerKnows = true;
        }
    }

    private enum Phase
    {
        None,

        /// <summary>The grain brings a head into memory.</summary>
        FindingHead,

        /// <summary>The head is on its way to Customer.io.</summary>
        Sending,

        /// <summary>The end of the head is stored, and the grain has not heard of it.</summary>
        EndStored,

        /// <summary>The grain brings the next head into memory, to report it.</summary>
        FindingNext,
    }

    /// <summary>Null where all went well; otherwise what went wrong first.</summary>
    public string? Run()
    {
        for (var step = 0; step < 400; step++)
        {
            if (Step(accepting: true) is { } wrong)
            {
                return wrong;
            }
        }

        for (var step = 0; step < 20_000 && !IsOver; step++)
        {
            if (Step(accepting: false) is { } wrong)
            {
                return wrong;
            }
        }

        return !_delivered.SequenceEqual(_stored) ? $"stored {string.Join(',', _stored)}; delivered {string.Join(',', _delivered)}"
            : _outbox.Count > 0 ? $"{_outbox.Count} rows wait and nobody knows"
            : _asks.Count > 0 ? "a caller still waits for an empty queue"
            : null;
    }

    private bool IsOver => _handedOver.Count == 0 && _reports.Count == 0 && _loads.Count == 0 && _permit == Phase.None && !_ownerKnows
        && _asks.TrueForAll(ask => ask.Mark is not null);

    private string? Step(bool accepting)
    {
        switch (_random.Next(13))
        {
            case 0 when accepting && _queue.IsKnown:
                _handedOver.Add(CallQueueTests.Row(_queue.Reserve()));
                break;
            case 1 or 2:
                CommitGroup();
                break;
            case 3 or 4 when _reports.Count > 0:
                Report(_random.Next(4) == 0 ? _random.Next(_reports.Count) : 0);
                break;

            // Somebody wants the head in memory: an activation, another customer's merge, a permit.
            case 5 when _queue.NeedsLoad && _loads.Count < MostLoads:
                _loads.Add(new Load(_queue.OnLoadStarted()));
                break;
            case 6 or 7 when _loads.Count > 0:
                GoOnWith(_loads[_random.Next(_loads.Count)]);
                break;
            case 8 or 9 or 10:
                GoOnWithPermit();
                break;
            case 11 when accepting && _asks.Count < 3:
                _asks.Add(new Ask([.. _accepted]));
                break;
            case 12 when _asks.Find(ask => ask.Mark is null) is { } ask:
                Answer(ask);
                break;
        }

        for (var i = _asks.Count - 1; i >= 0; i--)
        {
            if (_asks[i].Mark is { IsCompleted: true })
            {
                if (_asks[i].Before.FirstOrDefault(_accepted.Contains) is var early and > 0)
                {
                    return $"a caller was told that all before it has been delivered, and {early} waits";
                }

                _asks.RemoveAt(i);
            }
        }

        return _queue.IsEmpty && _accepted.Count > 0 ? $"the queue says that it is empty, and {_accepted.Min()} waits" : null;
    }

    private void Store(OutboxRow row)
    {
        _outbox.Add(row);
        _stored.Add(row.Sequence);
        _lastStored = row.Sequence;
    }

    private void CommitGroup()
    {
        var fate = _random.Next(12);
        for (var n = Math.Min(_random.Next(1, 5), _handedOver.Count); n > 0; n--)
        {
            var row = _handedOver[0];
            _handedOver.RemoveAt(0);
            if (fate != 0)
            {
                Store(row);
            }

            _reports.Add((row, IsStored: fate > 1));
        }
    }

    private void Report(int which)
    {
        var (row, isStored) = _reports[which];
        _reports.RemoveAt(which);
        if (!isStored)
        {
            _queue.OnNotStored(row.Sequence);
            return;
        }

        if (_outbox.Contains(row))
        {
            _accepted.Add(row.Sequence);
        }

        if (_queue.OnStored(row.Sequence, row.Call))
        {
            Hint();
        }
    }

    private void Hint()
    {
        _ownerKnows = true;
        _isDirty = true;
    }

    private void GoOnWith(Load load)
    {
        if (load.Read is null)
        {
            load.Read = CallQueueTests.Read(_outbox, load.Token.After) with { LastSequence = _lastStored };
            return;
        }

        _loads.Remove(load);
        if (_random.Next(8) == 0)
        {
            // The grain reports that the outbox is away; the owner comes back later.
            _permit = _permit is Phase.FindingHead or Phase.FindingNext ? Phase.None : _permit;
            return;
        }

        _queue.OnLoaded(load.Read, load.Token);
        if (_queue.IsEmpty)
        {
            _marks.OnEmpty();
        }
    }

    private void GoOnWithPermit()
    {
        switch (_permit)
        {
            case Phase.None when _ownerKnows:
                _isDirty = false;
                _queue.OnPermit(_activation);
                _permit = Phase.FindingHead;
                break;

            case Phase.FindingHead when !_queue.NeedsLoad:
                if (_queue.TryPeek(out var head))
                {
                    _sent = head.Sequence;
                    _permit = Phase.Sending;
                }
                else
                {
                    ReportHead();
                }

                break;

            case Phase.Sending:
                _delivered.Add(_sent);
                _outbox.RemoveAll(row => row.Sequence == _sent);
                _accepted.Remove(_sent);
                _permit = Phase.EndStored;
                break;

            case Phase.EndStored:
                _queue.Dequeue();
                _marks.OnEnded(_sent);
                if (_queue.IsEmpty)
                {
                    _marks.OnEmpty();
                }

                _permit = Phase.FindingNext;
                break;

            case Phase.FindingNext when !_queue.NeedsLoad:
                ReportHead();
                break;
        }
    }

    private void ReportHead()
    {
        _permit = Phase.None;
        _ownerKnows = _queue.TryPeek(out _) || _isDirty;
        if (!_queue.TryPeek(out _))
        {
            _queue.OnReportedEmpty();
        }
    }

    private void Answer(Ask ask)
    {
        if (ask.Read is null)
        {
            ask.Read = CallQueueTests.Read(_outbox, after: 0) with { LastSequence = _lastStored };
            return;
        }

        ask.Mark = ask.Read.Rows.Count == 0 ? Task.CompletedTask : _marks.Add(ask.Read.LastSequence);
        if (_queue.IsEmpty)
        {
            _marks.OnEmpty();
        }
    }

    private sealed class Load(QueueLoad token)
    {
        public QueueLoad Token => token;

        public CustomerQueue? Read { get; set; }
    }

    /// <summary>A caller that waits until what was accepted before it came has been delivered.</summary>
    private sealed class Ask(IReadOnlyList<long> before)
    {
        public IReadOnlyList<long> Before => before;

        public CustomerQueue? Read { get; set; }

        public Task? Mark { get; set; }
    }
}
