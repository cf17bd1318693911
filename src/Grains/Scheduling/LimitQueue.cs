using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>
/// A limit group and the customers and callers that wait for it. A group without tokens delays only them. The group's classes may belong to several hosts;
/// customers and callers that wait for one of the hosts do not delay those of another.
/// </summary>
internal sealed class LimitQueue
{
    private readonly Func<LimitClass, UpstreamHost> _hostOf;
    private readonly Queues[] _live;
    private readonly Queues[] _bulk;
    private readonly PassThroughQueue[] _passThroughs;
    private Precedence _liveOverBulk;
    private Precedence _passThroughsOverCustomers;
    private long _lastPassThrough;

    /// <param name="limit">The limit group.</param>
    /// <param name="batching">How calls are gathered.</param>
    /// <param name="hostOf">The host of each limit class.</param>
    public LimitQueue(LimitGroup limit, BatchingSettings batching, Func<LimitClass, UpstreamHost> hostOf)
    {
        Limit = limit;
        _hostOf = hostOf;
        Hosts = [.. limit.Classes.Select(hostOf).Distinct()];
        _live = [.. UpstreamHosts.All.Select(_ => new Queues(batching))];
        _bulk = [.. UpstreamHosts.All.Select(_ => new Queues(batching))];
        _passThroughs = [.. UpstreamHosts.All.Select(_ => new PassThroughQueue())];
    }

    public LimitGroup Limit { get; }

    /// <summary>The hosts of the group's classes.</summary>
    public IReadOnlyList<UpstreamHost> Hosts { get; }

    /// <summary>Customers that wait for a permit.</summary>
    public int ReadyCount => _live.Sum(queues => queues.Count) + _bulk.Sum(queues => queues.Count);

    /// <summary>Callers with a pass-through or a forwarded send that wait for a permit.</summary>
    public int PassThroughCount => _passThroughs.Sum(queue => queue.Count);

    public int CountPassThroughs(UpstreamHost host) => _passThroughs[(int)host].Count;

    public void AddPassThrough(long ticket, LimitClass limitClass) => _passThroughs[(int)_hostOf(limitClass)].Add(ticket, limitClass, ++_lastPassThrough);

    public void RemovePassThrough(long ticket)
    {
        foreach (var host in Hosts)
        {
            _passThroughs[(int)host].Remove(ticket);
        }
    }

    /// <summary>When a customer's call to the host may leave, as far as batching is concerned; null if no customer is ready.</summary>
    public TimeSpan? CustomersGoAt(UpstreamHost host)
    {
        var (live, bulk) = (_live[(int)host].GoAt, _bulk[(int)host].GoAt);
        return live is null || bulk < live ? bulk : live;
    }

    public void AddReady(ScheduledCustomer entry, bool atFront)
    {
        var list = ListOf(entry);
        if (atFront)
        {
            list.AddFront(entry);
        }
        else
        {
            list.AddBack(entry);
        }
    }

    /// <summary>Removes a ready customer.</summary>
    public void RemoveReady(ScheduledCustomer entry) => ListOf(entry).Remove(entry);

    /// <summary>
    /// How many customers are served before a ready one, except for the rare turns of bulk calls; null if the customer is too far back to be counted.
    /// </summary>
    public int? CountAhead(ScheduledCustomer entry) =>
        (entry.Priority == CallPriority.Bulk ? _live[(int)_hostOf(entry.Class)].Count : 0) + ListOf(entry).CountAhead(entry);

    /// <summary>Whether a request can be granted now.</summary>
    /// <param name="callers">The hosts to which callers' requests may go.</param>
    /// <param name="customers">The hosts to which customers' calls may go.</param>
    /// <param name="now">The caller's clock.</param>
    public bool HasNext(HostSet callers, HostSet customers, TimeSpan now) => HasCaller(callers) || HasCustomer(_live, customers, now) || HasCustomer(_bulk, customers, now);

    /// <summary>Whether the next grant goes to a caller; otherwise it goes to customers. At least one of them must be waiting.</summary>
    public bool NextIsPassThrough(HostSet callers, HostSet customers, TimeSpan now) =>
        _passThroughsOverCustomers.FirstGoes(HasCaller(callers), HasCustomer(_live, customers, now) || HasCustomer(_bulk, customers, now));

    /// <summary>Removes the caller that has waited longest, among those whose host is in <paramref name="callers"/>.</summary>
    public (long Ticket, LimitClass Class) RemoveNextPassThrough(HostSet callers)
    {
        PassThroughQueue? longest = null;
        foreach (var host in Hosts)
        {
            var queue = _passThroughs[(int)host];
            if (callers.Contains(host) && queue.Count > 0 && (longest is null || queue.FirstNumber < longest.FirstNumber))
            {
                longest = queue;
            }
        }

        return longest!.RemoveFirst();
    }

    /// <summary>Removes the customers of the next request: one, or several whose heads leave in a batch. All of them have calls for the same host.</summary>
    /// <param name="now">The caller's clock.</param>
    /// <param name="customers">The hosts to which customers' calls may go.</param>
    /// <param name="probed">The hosts that get only probes, and so one call in a request.</param>
    public IReadOnlyList<ScheduledCustomer> RemoveNextCustomers(TimeSpan now, HostSet customers, HostSet probed)
    {
        var isLive = _liveOverBulk.FirstGoes(HasCustomer(_live, customers, now), HasCustomer(_bulk, customers, now));
        var host = LongestWaiting(isLive ? _live : _bulk, customers, now);
        var (first, second) = isLive ? (_live[(int)host], _bulk[(int)host]) : (_bulk[(int)host], _live[(int)host]);
        if (!first.NextIsBatch(now))
        {
            return [first.Alone.RemoveFront()];
        }

        if (probed.Contains(host))
        {
            return [first.Batch.Ready.RemoveFront()];
        }

        // Filling the rest of the request costs no token, so customers of the other priority go along.
        var members = new List<ScheduledCustomer>();
        first.Batch.Fill(members);
        second.Batch.Fill(members);
        return members;
    }

    private ReadyList ListOf(ScheduledCustomer entry)
    {
        var queues = (entry.Priority == CallPriority.Bulk ? _bulk : _live)[(int)_hostOf(entry.Class)];
        return entry.CanBatch ? queues.Batch.Ready : queues.Alone;
    }

    private bool HasCaller(HostSet callers)
    {
        foreach (var host in Hosts)
        {
            if (callers.Contains(host) && _passThroughs[(int)host].Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasCustomer(Queues[] queues, HostSet customers, TimeSpan now)
    {
        foreach (var host in Hosts)
        {
            if (customers.Contains(host) && queues[(int)host].GoAt <= now)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The host whose next customer has waited longest.</summary>
    private UpstreamHost LongestWaiting(Queues[] queues, HostSet customers, TimeSpan now)
    {
        var (longest, since) = (default(UpstreamHost), TimeSpan.MaxValue);
        foreach (var host in Hosts)
        {
            if (customers.Contains(host) && queues[(int)host].GoAt <= now && queues[(int)host].ReadySince(now) is var ready && ready < since)
            {
                (longest, since) = (host, ready);
            }
        }

        return longest;
    }

    /// <summary>The ready customers of one host and priority.</summary>
    private sealed class Queues(BatchingSettings batching)
    {
        /// <summary>Customers that need a request of their own.</summary>
        public ReadyList Alone { get; } = new();

        public GatheringBatch Batch { get; } = new(batching);

        public int Count => Alone.Count + Batch.Ready.Count;

        public TimeSpan? GoAt => Alone.Count > 0 ? TimeSpan.Zero : Batch.LeavesAt;

        /// <summary>When the next customer became ready. There must be one that may leave.</summary>
        public TimeSpan ReadySince(TimeSpan now) => (NextIsBatch(now) ? Batch.Ready : Alone).Front!.Moment;

        /// <summary>Whether the batch goes first, because its first customer has waited longer.</summary>
        public bool NextIsBatch(TimeSpan now) =>
            Batch.LeavesAt <= now && (Alone.Front is not { } alone || Batch.Ready.Front!.Moment <= alone.Moment);
    }
}
