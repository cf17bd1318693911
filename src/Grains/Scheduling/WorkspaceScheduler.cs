using CioOrleans.Configuration;
using CioOrleans.Limits;
using CioOrleans.RateLimiting;
using CioOrleans.Retry;
using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

/// <summary>
/// Decides who of a workspace sends when. A host of Customer.io that is down, hangs or refuses the settings stops nothing but the calls
/// to it. The scheduler holds customers, never payloads: each is idle (and unknown here), ready, in flight,
/// or waiting. It does nothing by itself: the owner reports what happens, asks for the next dispatch until there is none, and asks
/// again after <see cref="NextDispatchIn"/>. Not thread-safe.
/// </summary>
public sealed partial class WorkspaceScheduler
{
    private readonly WorkspaceSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly long _origin;
    private readonly Lane[] _lanes;
    private readonly Lane[] _laneOfClass;
    private readonly Dictionary<string, CustomerEntry> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (Lane Lane, LimitClass Class, TimeSpan GrantedAt)> _passThroughs = [];
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

    /// <param name="settings">The workspace.</param>
    /// <param name="time">Monotonic time for everything, UTC for what is stored or comes from headers.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="newBucket">Makes the bucket of a limit; null for <see cref="TokenBucket"/>.</param>
    /// <param name="newHealth">Makes the health of a host; null for a <see cref="HostHealth"/> each.</param>
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
        _lanes = [.. settings.LimitGroups.Select(g => new Lane(new LimitGroup(g, newBucket), settings.Batching))];
        _laneOfClass = [.. Enum.GetValues<LimitClass>().Select(c => _lanes.First(l => l.Limit.Classes.Contains(c)))];
    }

    /// <summary>Requests on their way, and customers whose dead letter is being stored.</summary>
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
                [.. _lanes.Select(l => l.Limit.StatusAt(now, utcNow))],
                _inState[(int)CustomerState.Ready],
                InFlight,
                _inState[(int)CustomerState.Waiting],
                _inState[(int)CustomerState.Parked],
                _lanes.Sum(l => l.PassThroughCount),
                _operatorPause is not null || troubled is not null,
                _operatorPause ?? ReasonOf(troubled),
                [.. _hosts.Where(host => host.Health.IsProbing || _usedHosts.Contains(host.Name)).Select(host => StatusOf(host, now, utcNow))],
                new SchedulerCounters(_granted, _unused, _throttled, _ignoredHeaders, _hosts.Sum(host => host.Health.Outages)));
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>
    /// Begins to grant. What a predecessor sent is unknown: all buckets are empty, and full only one window after its last request
    /// can have arrived.
    /// </summary>
    /// <param name="quietFor">So long requests of a predecessor may still arrive; zero when none can.</param>
    public void Start(TimeSpan quietFor) => Start((limit, now) => limit.Start(now + quietFor));

    /// <summary>Begins to grant behind a predecessor that stopped in good order and said when its tokens come back.</summary>
    /// <param name="schedules">One a limit group of the predecessor; from its <see cref="GetSchedules"/>.</param>
    /// <param name="age">How long ago they were made; rather too short than too long.</param>
    public void Start(IReadOnlyList<LimitSchedule> schedules, TimeSpan age) => Start((limit, now) => limit.Start(schedules, now - age));

    /// <summary>For the successor, once granting has stopped and nothing is in flight.</summary>
    public IReadOnlyList<LimitSchedule> GetSchedules()
    {
        var now = Now;
        return [.. _lanes.Select(lane => lane.Limit.ScheduleAt(now))];
    }

    /// <summary>Grants nothing any more, for good; outcomes are still taken.</summary>
    public void StopGranting() => _isGranting = false;

    /// <summary>An operator's pause: nothing is sent, no probe and no live caller's request either.</summary>
    public void Pause(string reason) => _operatorPause = reason;

    /// <summary>Ends every pause: the operator's, those after a 429, and the probing of an outage or of wrong settings. A lower rate after a 429 stays.</summary>
    public void Resume()
    {
        _operatorPause = null;
        var now = Now;
        foreach (var host in _hosts)
        {
            host.Recover(now);
        }

        foreach (var lane in _lanes)
        {
            lane.Limit.Resume();
        }
    }

    /// <summary>The next thing to start now, or null.</summary>
    public Dispatch? TryDispatch()
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

        for (var i = 0; i < _lanes.Length && !callers.IsEmpty; i++)
        {
            var place = (_turn + i) % _lanes.Length;
            var lane = _lanes[place];
            if (lane.HasNext(callers, customers, now) && lane.Limit.TryTake(now))
            {
                _turn = place + 1;
                _granted++;
                return lane.NextIsPassThrough(callers, customers, now)
                    ? GrantPassThrough(lane, callers, now)
                    : GrantCustomers(lane, lane.RemoveNextCustomers(now, customers, probed), now);
            }
        }

        return null;
    }

    /// <summary>
    /// When <see cref="TryDispatch"/> may next have something although nothing is reported before; null when only a report can change
    /// anything. Zero only if it has something now. Exact: round it up to what the timer can do, lateness costs no rate.
    /// </summary>
    public TimeSpan? NextDispatchIn()
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

            foreach (var lane in _lanes)
            {
                var wantedFrom = lane.CountPassThroughs(host.Name) > 0 ? TimeSpan.Zero
                    : lane.CustomersGoAt(host.Name) is { } ready && customersFrom is { } mayGo ? Later(ready, mayGo)
                    : (TimeSpan?)null;
                if (wantedFrom is { } wanted && lane.Limit.NextAt(now) is { } possible)
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
        foreach (var lane in _lanes)
        {
            start(lane.Limit, now);
        }
    }

    private bool MayGrant => _isGranting && _operatorPause is null && InFlight < _settings.MaxConcurrency;

    private Dispatch.PassThrough GrantPassThrough(Lane lane, HostSet callers, TimeSpan now)
    {
        var (ticket, limitClass) = lane.RemoveNextPassThrough(callers);
        _passThroughs.Add(ticket, (lane, limitClass, now));
        _slots.OnStarted(limitClass.ToHost(), now);
        return new Dispatch.PassThrough(ticket, limitClass);
    }

    private Dispatch GrantCustomers(Lane lane, IReadOnlyList<CustomerEntry> entries, TimeSpan now)
    {
        _slots.OnStarted(entries[0].Class.ToHost(), now);
        return entries.Count == 1 ? GrantCustomer(entries[0], now) : GrantBatch(lane, entries, now);
    }

    private Dispatch.ToCustomer GrantCustomer(CustomerEntry entry, TimeSpan now)
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

        return new Dispatch.ToCustomer(entry.Customer, entry.Activation, entry.Class, entry.IsProbe, waited);
    }

    private Host HostOf(CustomerEntry entry) => _hosts[(int)entry.Class.ToHost()];

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

    /// <summary>Why a host gets probes only. The Track API is not named: most workspaces use nothing else.</summary>
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
