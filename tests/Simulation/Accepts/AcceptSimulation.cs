using CioOrleans.Customers;
using CioOrleans.Leasing;

namespace CioOrleans.Simulation.Accepts;

/// <summary>
/// People who are deleted and then identified, each call repeated until it is acknowledged, while events of them come in by other ways. Silos are frozen and suspended, packets
/// are held and sent again, a silo that is away is replaced, and goes on when it wakes: with what it holds, or by passing it on.
/// </summary>
internal sealed class AcceptSimulation
{
    private const int People = 60;
    private const int Silos = 3;
    private const int FrontEnds = 2;

    private static readonly TimeSpan _length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _sampleEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _faults = TimeSpan.FromSeconds(20);

    private readonly int _seed;
    private readonly AcceptRules _rules;
    private readonly bool _suspends;
    private readonly Random _random;
    private readonly VirtualTime _world = new();
    private readonly EventQueue _events;
    private readonly SimulatedSilo[] _silos;
    private readonly SimulatedProcess[] _frontEnds;
    private readonly List<Row>[] _database = [.. Enumerable.Range(0, People).Select(_ => new List<Row>())];
    private readonly int[] _home = new int[People];
    private readonly double _databaseRate;
    private int _done;

    public AcceptSimulation(int seed, AcceptRules rules, bool suspends = true)
    {
        (_seed, _rules, _suspends, _random, _events) = (seed, rules, suspends, new Random(seed), new EventQueue(_world));
        _databaseRate = Rate();
        _silos = [.. Enumerable.Range(0, Silos).Select(_ => new SimulatedSilo(new SimulatedProcess(_events, _world, Rate())))];
        _frontEnds = [.. Enumerable.Range(0, FrontEnds).Select(_ => new SimulatedProcess(_events, _world, Rate()))];
    }

    /// <summary>How many times a caller answered 503 for an accept whose outcome it did not know.</summary>
    public int GivenUp { get; private set; }

    /// <summary>How many times a call was refused because it was too late.</summary>
    public int Refused { get; private set; }

    private TimeSpan DatabaseTime => TimeSpan.FromHours(1) + (_world.Now * _databaseRate);

    /// <summary>Runs until everybody is identified and nothing is under way, and looks at what is stored last of each.</summary>
    public AcceptSimulation Run()
    {
        foreach (var silo in _silos)
        {
            Sample(silo.Process, back => SendToDatabase(silo.Process, () => back(ClockBounds.Exactly(DatabaseTime))));
        }

        foreach (var frontEnd in _frontEnds)
        {
            Sample(frontEnd, back =>
            {
                var silo = _random.OneOf<SimulatedSilo>(_silos).Process;
                Send(frontEnd, silo, () =>
                {
                    var bounds = silo.Clock.Bounds;
                    Send(silo, frontEnd, () => back(bounds));
                });
            });
        }

        for (var fault = 0; fault < 5; fault++)
        {
            _events.At(_random.UpTo(_faults), HappenSomething);
        }

        for (var person = 0; person < People; person++)
        {
            var who = person;
            _home[person] = _random.Next(Silos);
            _events.At(TimeSpan.FromSeconds(1) + _random.UpTo(_faults), () => Delete(who));
        }

        while (_events.Step())
        {
            if (_world.Now > TimeSpan.FromMinutes(30))
            {
                throw new SimulationFailedException(_seed, _world.Now, $"only {_done} of {People} were served");
            }
        }

        for (var person = 0; person < People; person++)
        {
            var last = _database[person].FindLast(row => row.Kind != CallOf.Event);
            if (last?.Kind != CallOf.Identify)
            {
                throw new SimulationFailedException(_seed, _world.Now, $"person {person} ends deleted");
            }
        }

        return this;
    }

    private void Delete(int person)
    {
        // Others have events of the same person stored at the same time: some silo holds several calls of one queue.
        for (var i = _random.Next(4); i > 0; i--)
        {
            _events.In(_random.UpTo(TimeSpan.FromSeconds(6)), () => Call(person, CallOf.Event, acknowledged: () => { }));
        }

        Call(person, CallOf.Delete, () => Call(person, CallOf.Identify, () => _done++));
    }

    /// <summary>Makes a call, and makes it again until it is acknowledged.</summary>
    private void Call(int person, CallOf kind, Action acknowledged)
    {
        var frontEnd = _random.OneOf<SimulatedProcess>(_frontEnds);
        frontEnd.In(TimeSpan.Zero, () =>
        {
            var isOver = false;
            void End(bool isAccepted)
            {
                if (!isOver)
                {
                    isOver = true;
                    _events.In(TimeSpan.FromMilliseconds(200), isAccepted ? acknowledged : () => Call(person, kind, acknowledged));
                }
            }

            var now = frontEnd.Clock.Bounds;
            if (!now.IsKnown)
            {
                End(isAccepted: false);
                return;
            }

            var message = new Message(person, kind, AcceptDeadline.After(now, _length), isAccepted => Send(null, frontEnd, () => End(isAccepted)));
            var gateway = _random.OneOf<SimulatedSilo>(_silos);
            Send(frontEnd, gateway.Process, () => Route(gateway, message));
            frontEnd.In(_length, GiveUpIfPassed);

            void GiveUpIfPassed()
            {
                if (isOver)
                {
                    return;
                }

                if (_rules.CallerGivesUp(message.Deadline, frontEnd.Clock.Bounds))
                {
                    GivenUp++;
                    End(isAccepted: false);
                    return;
                }

                frontEnd.In(TimeSpan.FromMilliseconds(50), GiveUpIfPassed);
            }
        });
    }

    private void Route(SimulatedSilo silo, Message message)
    {
        var home = _silos[_home[message.Person]];
        if (home == silo || (silo.Activations.ContainsKey(message.Person) && _random.Happens(0.5)))
        {
            Accept(silo, message);
        }
        else
        {
            Send(silo.Process, home.Process, () => Accept(home, message));
        }
    }

    /// <summary>What the customer's grain does.</summary>
    private void Accept(SimulatedSilo silo, Message message)
    {
        if (!silo.Activations.TryGetValue(message.Person, out var activation))
        {
            // Others may be activated meanwhile; the call is looked at again once the queue is read.
            SendToDatabase(silo.Process, () =>
            {
                var last = Last(message.Person);
                SendFromDatabase(silo.Process, () =>
                {
                    silo.Activations.TryAdd(message.Person, new Activation { LastSequence = last });
                    Accept(silo, message);
                });
            });
            return;
        }

        if (_rules.GrainRefuses(message.Deadline, silo.Process.Clock.Bounds))
        {
            Refused++;
            message.Answer(false);
            return;
        }

        var row = new Row(++activation.LastSequence, message.Kind);

        // The writer's group: it may be frozen with the call in it.
        silo.Process.In(_random.UpTo(TimeSpan.FromMilliseconds(5)), () => SendToDatabase(silo.Process, () =>
        {
            var isStored = TryAppend(message, row, out var isConflict);
            SendFromDatabase(silo.Process, () =>
            {
                if (isConflict)
                {
                    silo.Activations.Remove(message.Person);
                }

                message.Answer(isStored);
            });
        }));
    }

    /// <summary>The fence: a sequence must be higher than all that were ever stored.</summary>
    private bool TryAppend(Message message, Row row, out bool isConflict)
    {
        isConflict = row.Sequence <= Last(message.Person);
        if (isConflict || _rules.DatabaseRefuses(message.Deadline, DatabaseTime))
        {
            return false;
        }

        _database[message.Person].Add(row);
        return true;
    }

    private long Last(int person) => _database[person] is [.., var last] ? last.Sequence : 0;

    private void HappenSomething()
    {
        var place = _random.Next(Silos);
        var silo = _silos[place];
        var duration = _random.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40));
        switch (_random.Next(5))
        {
            case 0 when _suspends:
                silo.Process.Suspend(duration);
                break;
            case 1:
                silo.Process.Cut(duration);
                break;
            case 2:
                silo.Process.CutFromDatabase(duration);
                break;
            case 3:
                _random.OneOf<SimulatedProcess>(_frontEnds).Freeze(duration);
                break;
            default:
                silo.Process.Freeze(duration);
                break;
        }

        // Its peers have voted it dead; its customers live elsewhere from then on.
        _events.In(TimeSpan.FromSeconds(4), () =>
        {
            if (silo.Process.IsAway)
            {
                foreach (var person in Enumerable.Range(0, People).Where(person => _home[person] == place))
                {
                    _home[person] = (place + 1 + _random.Next(Silos - 1)) % Silos;
                }
            }
        });
    }

    private void Sample(SimulatedProcess process, Action<Action<ClockBounds>> ask)
    {
        process.In(TimeSpan.Zero, () =>
        {
            var sentAt = process.Clock.Monotonic;
            ask(bounds => process.In(TimeSpan.Zero, () => process.Clock.Observe(sentAt, bounds, process.Clock.Monotonic)));
        });
        if (_done < People)
        {
            _events.In(_sampleEvery, () => Sample(process, ask));
        }
    }

    private void SendToDatabase(SimulatedProcess from, Action happens) => _events.In(Delay(from.CutUntil, from.CutFromDatabaseUntil), happens);

    private void SendFromDatabase(SimulatedProcess to, Action happens) => to.In(Delay(to.CutUntil, to.CutFromDatabaseUntil), happens);

    private void Send(SimulatedProcess? from, SimulatedProcess to, Action happens) => to.In(Delay(from?.CutUntil ?? TimeSpan.Zero, to.CutUntil), happens);

    /// <summary>What is sent into a cut is sent again some time after its end.</summary>
    private TimeSpan Delay(TimeSpan cutHereUntil, TimeSpan cutThereUntil)
    {
        var cutUntil = cutHereUntil > cutThereUntil ? cutHereUntil : cutThereUntil;
        var held = cutUntil > _world.Now ? cutUntil - _world.Now + _random.UpTo(TimeSpan.FromSeconds(10)) : TimeSpan.Zero;
        return held + _random.Exponential(TimeSpan.FromMilliseconds(2));
    }

    /// <summary>As fast as chrony slews a clock.</summary>
    private double Rate() => 1 + (0.083333 * ((2 * _random.NextDouble()) - 1));

    private enum CallOf
    {
        Delete,
        Identify,
        Event,
    }

    private sealed record Row(long Sequence, CallOf Kind);

    private sealed record Message(int Person, CallOf Kind, AcceptDeadline Deadline, Action<bool> Answer);

    private sealed class Activation
    {
        public long LastSequence { get; set; }
    }

    private sealed class SimulatedSilo(SimulatedProcess process)
    {
        public SimulatedProcess Process => process;

        public Dictionary<int, Activation> Activations { get; } = [];
    }
}
