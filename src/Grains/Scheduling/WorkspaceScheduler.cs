using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Grains.Retry;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

/// <summary>
/// Decides which customers and callers of a workspace may send, and when. A host of Customer.io that is down, hangs or refuses the settings stops only the
/// calls to it. The scheduler holds customers, no payloads. A customer is idle (and unknown here), ready, in flight, or waiting. The scheduler never acts by
/// itself: the owner reports what happens, asks for grants until there is none, and asks again after <see cref="NextGrantIn"/>. Not thread-safe.
/// </summary>
public sealed partial class WorkspaceScheduler
{
    private readonly WorkspaceSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly long _origin;
    private readonly LimitQueue[] _queues;
    private readonly LimitQueue[] _queueOfClass;
    private readonly Dictionary<string, ScheduledCustomer> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (LimitQueue Queue, LimitClass Class, TimeSpan GrantedAt)> _passThroughs = [];
    private readonly Host[] _hosts;
    private readonly IHostSlots _slots;
    private readonly IReadOnlyCollection<UpstreamHost> _usedHosts;
    private readonly int[] _inState = new int[Enum.GetValues<CustomerState>().Length];
    private string? _operatorPause;
    private bool _isGranting;
    private int _turn;
    private long _granted;
    private long _unused;
    private long _throttled;
    private long _ignoredHeaders;

    /// <param name="settings">The workspace's settings.</param>
    /// <param name="time">Monotonic time for all rules, UTC for moments that are stored or come from headers.</param>
    /// <param name="random">The source of jitter.</param>
    /// <param name="newBucket">Creates the bucket of a limit; null for <see cref="TokenBucket"/>.</param>
    /// <param name="newHealth">Creates the health of a host; null for <see cref="HostHealth"/>.</param>
    /// <param name="slots">Divides the concurrency among the hosts; null for <see cref="HostSlots"/>.</param>
    public WorkspaceScheduler(
        WorkspaceSettings settings,
        TimeProvider time,
        Random random,
        Func<RateLimit, ITokenBucket>? newBucket = null,
        Func<UpstreamHost, HostHealth>? newHealth = null,
        IHostSlots? slots = null)
    {
        _settings = settings;
        _time = time;
        _random = random;
        _origin = time.GetTimestamp();
        newHealth ??= _ => new HostHealth(settings.LongestRequest);
        _hosts = [.. UpstreamHosts.All.Select(host => new Host(host, newHealth(host)))];
        _usedHosts = settings.UsedHosts;
        _slots = slots ?? new HostSlots(settings.MaxConcurrency, _usedHosts);
        newBucket ??= limit => new TokenBucket(limit, settings.TokenReturn);
        _queues = [.. settings.LimitGroups.Select(g => new LimitQueue(new LimitGroup(g, newBucket), settings.Batching, settings.HostOf))];
        _queueOfClass = [.. Enum.GetValues<LimitClass>().Select(c => _queues.First(l => l.Limit.Classes.Contains(c)))];
        _activity = new ActivityRecord(_queues.Select(queue => queue.Limit), time.GetUtcNow());
    }

    /// <summary>Requests in flight, and customers whose dead letter is being stored.</summary>
    public int InFlight =>
        _inState[(int)CustomerState.InFlight] - _inBatches + _batches.Count + _inState[(int)CustomerState.Settling] + _passThroughs.Count;

    public SchedulerStatus Status
    {
        get
        {
            var (now, utcNow) = (Now, _time.GetUtcNow());
            PromoteDue(now);
            var troubled = _hosts.FirstOrDefault(host => host.Health.IsProbing);
            return new SchedulerStatus(
                [.. _queues.Select(l => l.Limit.StatusAt(now, utcNow))],
                _inState[(int)CustomerState.Ready],
                InFlight,
                _inState[(int)CustomerState.Waiting],
                _inState[(int)CustomerState.Parked],
                _queues.Sum(l => l.PassThroughCount),
                _operatorPause is not null || troubled is not null,
                _operatorPause ?? ReasonOf(troubled),
                [.. _hosts.Where(host => host.Health.IsProbing || _usedHosts.Contains(host.Name)).Select(host => StatusOf(host, now, utcNow))],
                new SchedulerCounters(_granted, _unused, _throttled, _ignoredHeaders, _hosts.Sum(host => host.Health.Outages)))
            {
                Held = _inState[(int)CustomerState.Held],
                Uses = [.. _queues.Select(l => new LimitUse(l.Limit.Classes[0], l.Limit.UsedAt(now)))],
            };
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>
    /// Starts granting after an unknown predecessor. All buckets are empty, and full only one window after the predecessor's last request can have arrived.
    /// </summary>
    /// <param name="quietFor">How long requests of a predecessor may still arrive; zero if none can.</param>
    public void Start(TimeSpan quietFor) => Start((limit, now) => limit.Start(now + quietFor));

    /// <summary>Starts granting after a hand-over, with the predecessor's tokens.</summary>
    /// <param name="schedules">One for each limit group of the predecessor, from its <see cref="GetSchedules"/>.</param>
    /// <param name="age">The time since the schedules were made; too short is safe, too long is not.</param>
    public void Start(IReadOnlyList<LimitSchedule> schedules, TimeSpan age) => Start((limit, now) => limit.Start(schedules, now - age));

    /// <summary>The schedules for the successor. Valid only once granting has stopped and nothing is in flight.</summary>
    public IReadOnlyList<LimitSchedule> GetSchedules()
    {
        var now = Now;
        return [.. _queues.Select(queue => queue.Limit.ScheduleAt(now))];
    }

    /// <summary>Stops granting for good. Outcomes are still accepted.</summary>
    public void StopGranting() => _isGranting = false;

    /// <summary>Starts an operator's pause. Nothing is sent, neither probes nor forwarded requests.</summary>
    public void Pause(string reason) => _operatorPause = reason;

    /// <summary>Ends every pause: the operator's, those after a 429, and the probing of hosts. A lower rate after a 429 stays.</summary>
    public void Resume()
    {
        _operatorPause = null;
        var now = Now;
        foreach (var host in _hosts)
        {
            host.Recover(now);
        }

        foreach (var queue in _queues)
        {
            queue.Limit.Resume();
        }
    }

    /// <summary>The next grant, or null if nothing may be sent now.</summary>
    public Grant? TryGrant()
    {
        if (!MayGrant)
        {
            return null;
        }

        var now = Now;
        PromoteDue(now);
        var (callers, customers, probed) = (default(HostSet), default(HostSet), default(HostSet));
        foreach (var host in _hosts)
        {
            if (_slots.HasRoom(host.Name))
            {
                callers = callers.With(host.Name);
                customers = host.Health.NextAt <= now ? customers.With(host.Name) : customers;
            }

            probed = host.Health.IsProbing ? probed.With(host.Name) : probed;
        }

        for (var i = 0; i < _queues.Length && !callers.IsEmpty; i++)
        {
            var place = (_turn + i) % _queues.Length;
            var queue = _queues[place];
            if (queue.HasNext(callers, customers, now) && queue.Limit.TryTake(now))
            {
                _turn = place + 1;
                _granted++;
                return queue.NextIsPassThrough(callers, customers, now)
                    ? GrantPassThrough(queue, callers, now)
                    : GrantCustomers(queue, queue.RemoveNextCustomers(now, customers, probed), now);
            }
        }

        return null;
    }

    /// <summary>
    /// The time until <see cref="TryGrant"/> may have a grant if nothing is reported before; null if that depends on a report. Zero only if there is a grant
    /// now. The value is exact; round it up to the timer's resolution, because lateness costs no rate.
    /// </summary>
    public TimeSpan? NextGrantIn()
    {
        if (!MayGrant)
        {
            return null;
        }

        var now = Now;
        PromoteDue(now);
        var next = (TimeSpan?)null;
        foreach (var host in _hosts)
        {
            if (!_slots.HasRoom(host.Name))
            {
                continue;
            }

            var customersFrom = host.Health.NextAt;
            if (customersFrom is { } from && host.Waiting.NextAt is { } due)
            {
                next = Earlier(next, Later(due, from));
            }

            foreach (var queue in _queues)
            {
                var wantedFrom = queue.CountPassThroughs(host.Name) > 0 ? TimeSpan.Zero
                    : queue.CustomersGoAt(host.Name) is { } ready && customersFrom is { } mayGo ? Later(ready, mayGo)
                    : (TimeSpan?)null;
                if (wantedFrom is { } wanted && queue.Limit.NextAt(now) is { } possible)
                {
                    next = Earlier(next, Later(wanted, possible));
                }
            }
        }

        return next is { } at ? Later(at - now, TimeSpan.Zero) : null;
    }

    private void Start(Action<LimitGroup, TimeSpan> start)
    {
        if (_isGranting)
        {
            throw new InvalidOperationException("The scheduler was started before.");
        }

        _isGranting = true;
        var now = Now;
        foreach (var queue in _queues)
        {
            start(queue.Limit, now);
        }
    }

    private bool MayGrant => _isGranting && _operatorPause is null && InFlight < _settings.MaxConcurrency;

    private Grant.PassThrough GrantPassThrough(LimitQueue queue, HostSet callers, TimeSpan now)
    {
        var (ticket, limitClass) = queue.RemoveNextPassThrough(callers);
        _passThroughs.Add(ticket, (queue, limitClass, now));
        _slots.OnStarted(_settings.HostOf(limitClass), now);
        return new Grant.PassThrough(ticket, limitClass);
    }

    private Grant GrantCustomers(LimitQueue queue, IReadOnlyList<ScheduledCustomer> entries, TimeSpan now)
    {
        _slots.OnStarted(_settings.HostOf(entries[0].Class), now);
        return entries.Count == 1 ? GrantCustomer(entries[0], now) : GrantBatch(queue, entries, now);
    }

    private Grant.ToCustomer GrantCustomer(ScheduledCustomer entry, TimeSpan now)
    {
        SetState(entry, CustomerState.InFlight);
        var waited = now - entry.Moment;
        entry.Moment = now;
        var health = HostOf(entry).Health;
        entry.IsProbe = health.IsProbing;
        if (entry.IsProbe)
        {
            health.OnProbeStarted(now);
        }

        return new Grant.ToCustomer(entry.Customer, entry.Activation, entry.Class, entry.IsProbe, waited);
    }

    private Host HostOf(ScheduledCustomer entry) => _hosts[(int)_settings.HostOf(entry.Class)];

    private HostStatus StatusOf(Host host, TimeSpan now, DateTimeOffset utcNow)
    {
        var (inFlight, slots) = _slots.Of(host.Name);
        return new HostStatus(
            host.Name,
            host.Health.State,
            utcNow - (now - host.Health.Since),
            host.Health.Reason,
            host.Health is { IsProbing: true, NextAt: { } probe } ? utcNow + Later(probe - now, TimeSpan.Zero) : null,
            inFlight,
            slots);
    }

    /// <summary>Why a host gets only probes. The Track API is not named, because most workspaces use no other.</summary>
    private static string? ReasonOf(Host? host) =>
        host is null or { Name: UpstreamHost.Track } ? host?.Health.Reason : $"{host.Name.ToTitle()}: {host.Health.Reason}";

    private void PromoteDue(TimeSpan now)
    {
        foreach (var host in _hosts)
        {
            while (host.Waiting.TryRemoveDue(now, out var entry))
            {
                MakeReady(entry);
            }
        }
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;
}
