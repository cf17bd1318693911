using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>
/// A workspace in virtual time: the real scheduler, and models of everything around it. One seed drives all of it. It throws when a
/// promise is broken: more arrivals than the limit admits, order, a call lost, two requests of a customer at once, work that never ends.
/// </summary>
internal sealed partial class Simulation
{
    private static readonly FaultMix _faultless = new();
    private static readonly LimitClass[] _heartbeats = [LimitClass.Track, LimitClass.TransactionalEmail, LimitClass.Pipelines];
    private readonly int _seed;
    private readonly SimulationOptions _options;
    private WorkspaceSettings _settings;
    private readonly Random _random;
    private readonly VirtualTime _time = new();
    private readonly EventQueue _events;
    private readonly Receiver _receiver;
    private readonly Dictionary<string, SimulatedCustomer> _customers = new(StringComparer.Ordinal);
    private readonly List<SimulatedCustomer> _newWork = [];
    private readonly List<TimeSpan> _arrivals = [];
    private readonly List<(string Customer, SimulatedCall Call)> _letters = [];
    private readonly TimeSpan _shareOfRate;
    private long _open;
    private long _delivered;
    private long _deadLetters;
    private long _discarded;
    private long _poison;
    private long _unsendable;
    private long _replayed;
    private int _withWork;
    private TimeSpan _worstWait = TimeSpan.MinValue;

    public Simulation(SimulationOptions options, int seed)
    {
        _seed = seed;
        _options = options;
        _settings = options.Settings;
        _isHolding = options.Holds;
        _random = new Random(seed);
        _events = new EventQueue(_time);
        _receiver = new Receiver(_settings, options.Faults, _random, options.Excess, Fail);
        var limit = _settings.LimitGroups[0].Limits[0];
        _shareOfRate = (limit.Window + TimeSpan.FromMilliseconds(100)) / limit.Permits * 17 / 16;
    }

    /// <summary>Told of each arrival of a customer's call.</summary>
    public Action<string, long, TimeSpan>? Arrived { get; set; }

    /// <summary>Plans that a customer's call is accepted.</summary>
    public void Accept(TimeSpan at, string customer, LimitClass limitClass = LimitClass.Track, CallPriority priority = CallPriority.Live)
    {
        _open++;
        _events.At(at, () => Accept(customer, limitClass, priority));
    }

    /// <summary>Plans that calls are accepted one after the other, evenly from the start until <paramref name="until"/>; <paramref name="draw"/> gets the number of each.</summary>
    public void AcceptSteadily(int calls, TimeSpan until, Func<int, (string Customer, LimitClass Class, CallPriority Priority)> draw)
    {
        _open += calls;
        AcceptNext(0);

        // Planned one by one: a million events waiting in the queue would slow down all others.
        void AcceptNext(int call) => _events.At(until / calls * call, () =>
        {
            var (customer, limitClass, priority) = draw(call);
            Accept(customer, limitClass, priority);
            if (call + 1 < calls)
            {
                AcceptNext(call + 1);
            }
        });
    }

    /// <summary>Plans that a live caller wants to forward a request.</summary>
    public void PassThrough(TimeSpan at, LimitClass limitClass, TimeSpan patience) => _events.At(at, () => RequestPassThrough(limitClass, patience));

    /// <summary>Runs until every accepted call has been delivered or has become a dead letter.</summary>
    public SimulationReport Run()
    {
        try
        {
            StartOwner();
            PlanSweep();
            PlanRestart();
            PlanHeartbeat(0);
            PlanDiscard();
            PlanReplay();
            PlanPolicyChange();
            while (_open > 0 && _events.Step())
            {
                if (_time.Now > _options.Deadline)
                {
                    var who = string.Join(", ", _customers.Values.Where(c => c.Waiting > 0).Take(3).Select(c => $"{c.Name}: {c.Waiting} of {c.LastSequence}, {c.Call}, attempts {c.Attempts}"));
                    Fail($"{_open} calls were never delivered ({who}); {_owner?.Status}");
                }
            }
        }
        catch (Exception e) when (e is not SimulationFailedException)
        {
            throw new SimulationFailedException(_seed, _time.Now, e.Message, e);
        }

        CheckHistory();

        return new SimulationReport
        {
            Duration = _time.Now,
            Delivered = _delivered,
            DeadLetters = _deadLetters,
            Discarded = _discarded,
            Poison = _poison,
            Unsendable = _unsendable,
            Replayed = _replayed,
            Holds = _holds,
            HoldsEnded = _holdsEnded,
            Restarts = _ownerNumber - 1,
            MostInWindow = _receiver.MostInWindow,
            Repeats = _receiver.Repeats,
            WorstWaitBeyondFairShare = _worstWait,
            Status = _lastOwner!.Status,
            Arrivals = _arrivals,
        };
    }

    private void Accept(string name, LimitClass limitClass, CallPriority priority, bool isFaultless = false)
    {
        if (!_customers.TryGetValue(name, out var customer))
        {
            customer = new SimulatedCustomer(name);
            _customers.Add(name, customer);
        }

        var faults = isFaultless ? _faultless : _options.Faults;
        var opensAt = _random.Happens(faults.Merge) ? _time.Now + _random.UpTo(TimeSpan.FromSeconds(10)) : TimeSpan.Zero;
        var call = new SimulatedCall(0, limitClass, priority, _random.Happens(faults.Poison), _random.Happens(faults.Refused), _random.Happens(faults.Unsendable), opensAt);
        _poison += call.IsPoison ? 1 : 0;
        _unsendable += call.IsUnsendable ? 1 : 0;
        if (customer.Waiting == 0)
        {
            _withWork++;
        }

        _accepted++;
        if (customer.Append(call, _time.Now, _withWork) && customer.Held is null)
        {
            Hint(customer);
        }

        if (opensAt > TimeSpan.Zero)
        {
            _events.At(opensAt, () => Hint(customer));
        }

        AddToSweep(customer);
    }

    private void AddToSweep(SimulatedCustomer customer)
    {
        if (!customer.IsInSweep)
        {
            customer.IsInSweep = true;
            _newWork.Add(customer);
        }
    }

    private void Hint(SimulatedCustomer customer)
    {
        if (_random.Happens(_options.Faults.LostHint))
        {
            return;
        }

        // The hint says what was true when it left, not when it arrives.
        var head = customer.Head;
        _events.In(Hop(), () => Tell(owner => owner.OnWork(customer.Name, head)));
    }

    private void PlanSweep() => _events.In(TimeSpan.FromSeconds(30), () =>
    {
        FindHeld();
        foreach (var customer in _newWork)
        {
            customer.IsInSweep = false;
            var head = customer.Head with { IsHeld = false };
            _events.In(Hop(), () => Tell(owner => owner.OnFound(customer.Name, head)));
        }

        _newWork.Clear();
        PlanSweep();
    });

    private void PlanHeartbeat(int beat)
    {
        if (_options.Heartbeat is { } interval)
        {
            _events.In(interval, () =>
            {
                // To every host in turn: what fails alone at its host is tried again without end.
                var limitClass = _heartbeats[beat % _heartbeats.Length];
                _open++;
                Accept($"well{beat % 9}", limitClass, CallPriority.Live, isFaultless: true);
                PlanHeartbeat(beat + 1);
            });
        }
    }

    private void PlanDiscard()
    {
        if (_options.Faults.Discards is { } mean)
        {
            _events.In(_random.Exponential(mean), () =>
            {
                Discard(_customers.Values.Where(customer => customer.Waiting > 0).OrderBy(customer => customer.Name, StringComparer.Ordinal).ToList());
                PlanDiscard();
            });
        }
    }

    /// <summary>An operator discards what waits for one of the customers; the workspace is told, or not.</summary>
    private void Discard(List<SimulatedCustomer> waiting)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        var customer = waiting[_random.Next(waiting.Count)];
        var isHeld = customer.Holder is { } holder && holder.Process == _process;
        var discarded = customer.Discard(isHeld, _time.Now, _withWork);
        _discarded += discarded.Count;
        _open -= discarded.Count;
        foreach (var call in discarded)
        {
            Record(customer, call, null, HistoryResult.Discarded, _time.Now);
        }

        if (customer.Waiting == 0)
        {
            _withWork--;
        }

        if (!isHeld && !_random.Happens(_options.Faults.LostHint))
        {
            var head = customer.Head;
            _events.In(Hop(), () => Tell(owner => owner.OnHeadChanged(customer.Name, head)));
        }
    }

    private void PlanReplay()
    {
        if (_options.Faults.Replays is { } mean)
        {
            _events.In(_random.Exponential(mean), () =>
            {
                if (_letters.Count > 0)
                {
                    var place = _random.Next(_letters.Count);
                    var (customer, call) = _letters[place];
                    _letters.RemoveAt(place);
                    if (EndHold(_customers[customer], call))
                    {
                        PlanReplay();
                        return;
                    }

                    _replayed++;
                    _open++;
                    Accept(customer, call.Class, call.Priority, isFaultless: true);
                }

                PlanReplay();
            });
        }
    }

    /// <summary>The head of a queue becomes a dead letter.</summary>
    private void Bury(SimulatedCustomer customer)
    {
        _letters.Add((customer.Name, customer.Call));
        if (_isHolding)
        {
            _holds++;
            customer.Held = customer.Call;
        }

        RemoveHead(customer);
    }

    private void RemoveHead(SimulatedCustomer customer)
    {
        customer.RemoveHead(_time.Now, _withWork);
        _open--;
        if (customer.Waiting == 0)
        {
            _withWork--;
        }
    }

    private TimeSpan Hop() => _random.UpTo(_options.Hop);

    private void Fail(string what) => throw new SimulationFailedException(_seed, _time.Now, what);
}
