using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>Customer.io: it counts what arrives, and checks order and limit with every arrival.</summary>
internal sealed class Receiver
{
    private readonly FaultMix _faults;
    private readonly Random _random;
    private readonly int? _excess;
    private readonly List<(ArrivalWindow Window, int Most)>[] _windows;
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _latest = new(StringComparer.Ordinal);
    private readonly Action<string> _fail;
    private readonly Queue<(TimeSpan At, LimitClass Class)> _recent = [];
    private readonly TimeSpan[] _latestOfEra;
    private TimeSpan _longest;

    public Receiver(WorkspaceSettings settings, FaultMix faults, Random random, int? excess, Action<string> fail)
    {
        _faults = faults;
        _random = random;
        _excess = excess;
        _fail = fail;
        _windows = new List<(ArrivalWindow, int)>[Enum.GetValues<LimitClass>().Length];
        _latestOfEra = new TimeSpan[_windows.Length];
        Regroup(settings.LimitGroups, TimeSpan.Zero);
    }

    /// <summary>From now on other classes share limits. What arrived before counts in the new groups too.</summary>
    public void Regroup(IReadOnlyList<LimitGroupSettings> groups, TimeSpan now)
    {
        Era++;
        Array.Fill(_latestOfEra, TimeSpan.MinValue);
        _longest = groups.SelectMany(group => group.Limits).Max(limit => limit.Window);
        foreach (var group in groups)
        {
            List<(ArrivalWindow Window, int Most)> windows = [.. group.Limits.Select(l => (new ArrivalWindow(l.Window), l.Permits))];
            foreach (var (at, _) in _recent.Where(arrival => group.Classes.Contains(arrival.Class) && arrival.At > now - _longest))
            {
                windows.ForEach(window => window.Window.Add(at));
            }

            foreach (var limitClass in group.Classes)
            {
                _windows[(int)limitClass] = windows;
            }
        }
    }

    /// <summary>Counts the groupings. A request belongs to the one under which it was granted.</summary>
    public int Era { get; private set; }

    public long Arrivals { get; private set; }

    public long Repeats { get; private set; }

    /// <summary>The most that arrived in one window of the first limit of identify.</summary>
    public int MostInWindow => _windows[0][0].Window.Most;

    public Outage? OutageAt(TimeSpan moment, LimitClass limitClass)
    {
        foreach (var outage in _faults.Outages)
        {
            if (moment >= outage.Start && moment < outage.End && (outage.Host ?? limitClass.ToHost()) == limitClass.ToHost())
            {
                return outage;
            }
        }

        return null;
    }

    /// <summary>A request has arrived. A live caller's has no customer.</summary>
    public Answer Arrive(string? customer, in SimulatedCall call, int era, TimeSpan now)
    {
        Count(call.Class, era, now);
        if (customer is null)
        {
            return Fail(call.Class, now) ?? Answer.Ok;
        }

        var answer = Decide(call, now);
        var isTaken = answer is Answer.Ok or Answer.BadRequest || (answer is Answer.Silence or Answer.Reset && OutageAt(now, call.Class) is null && _random.Happens(0.5));
        CheckOrder(customer, call.Sequence, isTaken);
        return answer;
    }

    /// <summary>
    /// One request with the heads of several customers. Either all share one answer, or each operation has its own; a call that
    /// always fails fails everybody's, and a refused one is named or, half of the time, spoils it for all.
    /// </summary>
    public IReadOnlyList<Answer> ArriveTogether(IReadOnlyList<(string Customer, SimulatedCall Call)> items, LimitClass limitClass, int era, TimeSpan now)
    {
        Count(limitClass, era, now);
        var whole = Decide(new SimulatedCall { Class = limitClass, IsPoison = items.Any(item => item.Call.IsPoison) }, now);
        if (whole == Answer.Ok && items.Count > 1 && items.Any(item => item.Call.IsRefused) && _random.Happens(0.5))
        {
            whole = Answer.SpoiltByAnother;
        }

        var wasProcessed = whole == Answer.Ok || (whole is Answer.Silence or Answer.Reset && OutageAt(now, limitClass) is null && _random.Happens(0.5));
        foreach (var (customer, call) in items)
        {
            CheckOrder(customer, call.Sequence, wasProcessed);
        }

        return [.. items.Select(item => whole == Answer.Ok && item.Call.IsRefused ? Answer.BadRequest : whole)];
    }

    public long LastTaken(string customer) => _taken.GetValueOrDefault(customer);

    private Answer Decide(in SimulatedCall call, TimeSpan now)
    {
        if (Fail(call.Class, now) is { } failure)
        {
            return failure;
        }

        return call.IsPoison || _random.Happens(_faults.Error) ? Answer.Error
            : _random.Happens(_faults.Silent) ? Answer.Silence
            : _random.Happens(_faults.Reset) ? Answer.Reset
            : _random.Happens(_faults.Throttled) ? Answer.TooManyRequests
            : call.IsRefused ? Answer.BadRequest
            : Answer.Ok;
    }

    /// <summary>What a host that is down does with a request; null where it is up.</summary>
    private Answer? Fail(LimitClass limitClass, TimeSpan now) => OutageAt(now, limitClass)?.Kind switch
    {
        null => null,
        OutageKind.BlackHole or OutageKind.Loss => Answer.Silence,
        OutageKind.WrongKey => Answer.Unauthorized,
        _ => Answer.Error,
    };

    /// <summary>
    /// An earlier grouping may have admitted more of the classes that share a limit now. So what belongs to an earlier era breaks the limit only together with
    /// what belongs to this one.
    /// </summary>
    private void Count(LimitClass limitClass, int era, TimeSpan now)
    {
        if (era == Era)
        {
            // For all classes that share its windows.
            for (var other = 0; other < _windows.Length; other++)
            {
                _latestOfEra[other] = ReferenceEquals(_windows[other], _windows[(int)limitClass]) ? now : _latestOfEra[other];
            }
        }

        Arrivals++;
        _recent.Enqueue((now, limitClass));
        while (_recent.Peek().At < now - _longest)
        {
            _recent.Dequeue();
        }

        foreach (var (window, most) in _windows[(int)limitClass])
        {
            var arrived = window.Add(now);
            if (arrived > most + _excess && _latestOfEra[(int)limitClass] > now - window.Length)
            {
                _fail($"{arrived} requests arrived within a window of a limit of {most}");
            }
        }
    }

    private void CheckOrder(string customer, long sequence, bool isTaken)
    {
        // Every arrival counts, answered or given up: a call that is given up must not come behind a later one either.
        var latest = _latest.GetValueOrDefault(customer);
        if (sequence < latest)
        {
            _fail($"call {sequence} of {customer} arrived after {latest}");
        }

        _latest[customer] = sequence;
        if (isTaken)
        {
            Repeats += sequence == LastTaken(customer) ? 1 : 0;
            _taken[customer] = sequence;
        }
    }
}
