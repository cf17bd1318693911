using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Customers;

/// <summary>
/// One random history of three activations of the same customer's grain that know nothing of each other, above one outbox. Calls come to
/// any of them, and so do permits, one at a time; ends are stored at once or with the next permit; reports get lost; owners change. Where dead letters hold
/// the queue, some calls are refused, and an operator replays them in their place or discards them, through any of the activations.
/// </summary>
/// <param name="seed">Names the history.</param>
/// <param name="told">What a permit says.</param>
/// <param name="holds">Whether calls are refused, and hold the queue.</param>
/// <param name="readsAgain">Whether an activation reads its queue again behind a call that a twin may have ended in another way.</param>
internal sealed class TwinHistory(int seed, ToldTwin told, bool holds = false, bool readsAgain = true)
{
    private readonly Random _random = new(seed);
    private readonly List<OutboxRow> _outbox = [];
    private readonly List<long> _stored = [];
    private readonly List<long> _sent = [];
    private readonly Twin[] _twins = new Twin[3];
    private long _lastSequence;
    private Guid _lastActivation;
    private int _membership;
    private int _activations;
    private OutboxRow? _held;

    /// <summary>Calls that were sent after one that stood behind them.</summary>
    public IReadOnlyList<long> Overtaken => [.. _sent.Where((sequence, i) => i > 0 && sequence < _sent[..i].Max())];

    /// <summary>Calls that were never sent.</summary>
    public IReadOnlyList<long> Lost => [.. _stored.Except(_sent)];

    /// <summary>How often a dead letter held the queue.</summary>
    public int Holds { get; private set; }

    public int Repeats => _sent.Count - _sent.Distinct().Count();

    public void Run()
    {
        for (var i = 0; i < _twins.Length; i++)
        {
            Activate(i);
        }

        for (var step = 0; step < 300; step++)
        {
            if (_held is not null && _random.Next(4) == 0)
            {
                EndHold(_twins[_random.Next(_twins.Length)].Queue, isReplayed: _random.Next(3) > 0);
            }

            switch (_random.Next(10))
            {
                case < 4:
                    Accept(_random.Next(_twins.Length));
                    break;
                case < 9:
                    Deliver(_random.Next(_twins.Length), mayGoWrong: true);
                    break;
                default:
                    _lastActivation = Guid.Empty;
                    _membership++;
                    break;
            }
        }

        Activate(0);
        while (_outbox.Count > 0 || _held is not null)
        {
            if (_held is not null)
            {
                EndHold(_twins[0].Queue, isReplayed: true);
            }

            Deliver(0, mayGoWrong: false);
        }
    }

    private void Activate(int place)
    {
        _twins[place] = new Twin(new CallQueue(new PayloadBudget(seed % 3 == 0 ? 3_000 : 1_000_000), new Guid(++_activations, 0, 0, new byte[8]))) { Membership = _membership };
        Load(_twins[place].Queue);
    }

    private void Load(CallQueue queue)
    {
        var load = queue.OnLoadStarted();
        queue.OnLoaded(CallQueueTests.Read(_outbox, load.After) with { LastSequence = _lastSequence, Held = HeldCall() }, load);
    }

    private void Accept(int place)
    {
        var queue = _twins[place].Queue;
        var row = CallQueueTests.Row(queue.Reserve());
        if (row.Sequence <= _lastSequence)
        {
            // The fence: a twin has used this sequence.
            Activate(place);
            return;
        }

        _lastSequence = row.Sequence;
        _outbox.Add(row);
        _stored.Add(row.Sequence);
        queue.OnStored(row.Sequence, row.Call);
    }

    private void Deliver(int place, bool mayGoWrong)
    {
        var twin = _twins[place];
        if (twin.UnstoredEnd is not null && mayGoWrong && _random.Next(5) == 0)
        {
            // The outbox is away: nothing is sent, and nothing read.
            _lastActivation = Guid.Empty;
            return;
        }

        StoreEnd(twin);
        twin.Queue.OnPermit(told switch
        {
            ToldTwin.LastActivation => _lastActivation,
            ToldTwin.MembershipVersion when twin.Membership != _membership => Guid.Empty,
            _ => twin.Queue.Activation,
        });
        twin.Membership = _membership;
        while (twin.Queue.NeedsLoad)
        {
            Load(twin.Queue);
        }

        if (twin.Queue.Held is not null)
        {
            _lastActivation = twin.Queue.Activation;
            return;
        }

        if (!twin.Queue.TryPeek(out var head))
        {
            // The owner forgets customers that have nothing.
            _lastActivation = Guid.Empty;
            return;
        }

        _sent.Add(head.Sequence);
        twin.UnstoredEnd = head.Sequence;
        twin.IsRefused = holds && mayGoWrong && _random.Next(5) == 0;
        if (holds && mayGoWrong && _random.Next(2) == 0 && Array.Find(_twins, other => other != twin && other.UnstoredEnd is not null) is { } frozen)
        {
            // A silo wakes up while the request is on its way, and its write goes on.
            StoreEnd(frozen);
        }

        if (!mayGoWrong || _random.Next(5) > 0)
        {
            StoreEnd(twin);
        }

        var reportIsLost = mayGoWrong && _random.Next(10) == 0;
        _lastActivation = reportIsLost || twin.UnstoredEnd is not null ? Guid.Empty : twin.Queue.Activation;
    }

    private void StoreEnd(Twin twin)
    {
        if (twin.UnstoredEnd is { } sequence)
        {
            if (_outbox.Find(row => row.Sequence == sequence) is { } row)
            {
                _outbox.Remove(row);
                if (twin.IsRefused)
                {
                    _held = row;
                    Holds++;
                }
            }

            twin.Queue.Dequeue();
            twin.UnstoredEnd = null;
            if (twin.IsRefused)
            {
                twin.Queue.OnHoldChanged();
            }
            else if (holds && readsAgain && twin.Queue.MayBeHeldAt(sequence))
            {
                twin.Queue.ReadAgain();
            }
        }
    }

    /// <summary>An operator ends the hold, through a grain's activation or in the store alone.</summary>
    private void EndHold(CallQueue told, bool isReplayed)
    {
        if (isReplayed)
        {
            _outbox.Insert(0, _held!);
        }

        _held = null;
        if (isReplayed || _random.Next(2) == 0)
        {
            told.OnDiscarded(keepsHead: Array.Find(_twins, twin => twin.Queue == told)!.UnstoredEnd is not null);
        }
    }

    private HeldCall? HeldCall() =>
        _held is { } row ? new HeldCall(row.Call.Id, row.Sequence, row.Call.Kind, "400", DateTimeOffset.UnixEpoch) : null;

    private sealed class Twin(CallQueue queue)
    {
        public CallQueue Queue => queue;

        public long? UnstoredEnd { get; set; }

        /// <summary>Whether that end makes a dead letter of the call, which holds the queue.</summary>
        public bool IsRefused { get; set; }

        /// <summary>The version of the membership under which the queue was read last.</summary>
        public int Membership { get; set; }
    }
}

/// <summary>What a permit tells a customer's activation about its twins.</summary>
internal enum ToldTwin
{
    Nothing,

    /// <summary>Which activation delivered last.</summary>
    LastActivation,

    /// <summary>The version of the membership. An activation that has read its queue under another one reads it once more.</summary>
    MembershipVersion,
}
