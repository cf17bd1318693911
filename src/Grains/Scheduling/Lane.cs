using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.RateLimiting;

namespace CioOrleans.Scheduling;

/// <summary>A limit group and everybody who waits for it: a group without tokens holds up nobody but them.</summary>
internal sealed class Lane(LimitGroup limit, BatchingSettings batching)
{
    private readonly Queues _live = new(batching);
    private readonly Queues _bulk = new(batching);
    private Precedence _liveOverBulk;
    private Precedence _passThroughsOverCustomers;

    public LimitGroup Limit { get; } = limit;

    public PassThroughQueue PassThroughs { get; } = new();

    /// <summary>From when on a customer's call may leave, as far as its waiting for company is concerned; null while no customer is ready.</summary>
    public TimeSpan? CustomersGoAt
    {
        get
        {
            var (live, bulk) = (_live.GoAt, _bulk.GoAt);
            return live is null || bulk < live ? bulk : live;
        }
    }

    public void AddReady(CustomerEntry entry, bool atFront)
    {
        var queues = entry.Priority == CallPriority.Bulk ? _bulk : _live;
        var list = entry.HasCompany ? queues.Company.Ready : queues.Alone;
        if (atFront)
        {
            list.AddFront(entry);
        }
        else
        {
            list.AddBack(entry);
        }
    }

    /// <summary>Customers that wait for a permit.</summary>
    public int ReadyCount => _live.Count + _bulk.Count;

    /// <summary>How many customers are served before one that is ready, the seldom exceptions for bulk aside; null where it stands too far behind to be counted.</summary>
    public int? CountAhead(CustomerEntry entry)
    {
        var (queues, before) = entry.Priority == CallPriority.Bulk ? (_bulk, _live.Count) : (_live, 0);
        return before + (entry.HasCompany ? queues.Company.Ready : queues.Alone).CountAhead(entry);
    }

    /// <summary>Whether the next grant goes to a live caller; otherwise to customers. One of them must be waiting.</summary>
    public bool NextIsPassThrough(bool customersMayGo, TimeSpan now) =>
        _passThroughsOverCustomers.FirstGoes(PassThroughs.Count > 0, customersMayGo && CustomersGoAt <= now);

    /// <summary>The customers of the next request: one, or several whose heads leave together.</summary>
    /// <param name="now">The caller's clock.</param>
    /// <param name="onlyOne">One, whatever company there is.</param>
    public IReadOnlyList<CustomerEntry> RemoveNextCustomers(TimeSpan now, bool onlyOne)
    {
        var isLive = _liveOverBulk.FirstGoes(_live.GoAt <= now, _bulk.GoAt <= now);
        var (first, second) = isLive ? (_live, _bulk) : (_bulk, _live);
        if (!first.NextIsCompany(now))
        {
            return [first.Alone.RemoveFront()];
        }

        if (onlyOne)
        {
            return [first.Company.Ready.RemoveFront()];
        }

        // What room is left costs nothing: the others of either priority go along.
        var members = new List<CustomerEntry>();
        first.Company.Fill(members);
        second.Company.Fill(members);
        return members;
    }

    /// <summary>The ready customers of one priority.</summary>
    private sealed class Queues(BatchingSettings batching)
    {
        /// <summary>Each in a request of its own.</summary>
        public ReadyList Alone { get; } = new();

        public Company Company { get; } = new(batching);

        public int Count => Alone.Count + Company.Ready.Count;

        public TimeSpan? GoAt => Alone.Count > 0 ? TimeSpan.Zero : Company.LeavesAt;

        /// <summary>Whoever has waited longer goes first.</summary>
        public bool NextIsCompany(TimeSpan now) =>
            Company.LeavesAt <= now && (Alone.Front is not { } alone || Company.Ready.Front!.Moment <= alone.Moment);
    }
}
