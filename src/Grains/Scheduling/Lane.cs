using CioOrleans.Calls;
using CioOrleans.RateLimiting;

namespace CioOrleans.Scheduling;

/// <summary>A limit group and everybody who waits for it: a group without tokens holds up nobody but them.</summary>
internal sealed class Lane(LimitGroup limit)
{
    private readonly ReadyList _live = new();
    private readonly ReadyList _bulk = new();
    private Precedence _liveOverBulk;
    private Precedence _passThroughsOverCustomers;

    public LimitGroup Limit { get; } = limit;

    public PassThroughQueue PassThroughs { get; } = new();

    public int ReadyCustomers => _live.Count + _bulk.Count;

    public void AddReady(CustomerEntry entry, bool atFront)
    {
        var list = entry.Priority == CallPriority.Bulk ? _bulk : _live;
        if (atFront)
        {
            list.AddFront(entry);
        }
        else
        {
            list.AddBack(entry);
        }
    }

    /// <summary>Whether the next grant goes to a live caller; otherwise to a customer. One of them must be waiting.</summary>
    public bool NextIsPassThrough(bool customersMayGo) =>
        _passThroughsOverCustomers.FirstGoes(PassThroughs.Count > 0, customersMayGo && ReadyCustomers > 0);

    public CustomerEntry RemoveNextCustomer() =>
        (_liveOverBulk.FirstGoes(_live.Count > 0, _bulk.Count > 0) ? _live : _bulk).RemoveFront();
}
