using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>Decides how many of a workspace's concurrent requests each host may have. Not thread-safe.</summary>
public interface IHostSlots
{
    /// <summary>Whether one more request to the host may start.</summary>
    bool HasRoom(UpstreamHost host);

    /// <summary>A request to the host has started.</summary>
    void OnStarted(UpstreamHost host, TimeSpan now);

    /// <summary>A request to the host has ended.</summary>
    /// <param name="host">The host.</param>
    /// <param name="answered">Whether the host responded to it, with any status.</param>
    /// <param name="now">The caller's monotonic clock.</param>
    void OnEnded(UpstreamHost host, bool answered, TimeSpan now);

    /// <summary>The requests in flight to the host, and how many it may have.</summary>
    (int InFlight, int Most) Of(UpstreamHost host);
}

/// <summary>
/// Divides <c>MaxConcurrency</c> among the hosts that a workspace uses. Each starts with an equal share. A host that uses all of its slots gains one with each
/// of its responses. The slot comes from another host that has not used it for <see cref="Period"/>, down to that host's reserve (a sixteenth of all slots, at
/// least one). A host with less than an equal share may also take a slot of the host that has most. A request that ends without a response gains nothing. So a
/// host whose requests hang keeps only the slots that it gained while it responded, and the slots that other hosts use stay theirs.
/// </summary>
/// <remarks>
/// Invariants: no more than all slots are in use; a host may always have one request if any slot is free. With fewer slots than hosts
/// no host has a guarantee.
/// </remarks>
public sealed class HostSlots : IHostSlots
{
    /// <summary>A slot that a host has not used for one to two of these periods may go to another host.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Share[] _shares;
    private readonly int _all;
    private readonly int _equal;
    private readonly int _reserve;
    private int _inFlight;

    /// <param name="slots">The workspace's <c>MaxConcurrency</c>.</param>
    /// <param name="used">The hosts for which the workspace has credentials. Others may have one request at a time.</param>
    public HostSlots(int slots, IReadOnlyCollection<UpstreamHost> used)
    {
        _all = slots;
        _equal = Math.Max(1, slots / Math.Max(1, used.Count));
        _reserve = Math.Max(1, slots / 16);
        _shares = [.. UpstreamHosts.All.Select(host => new Share { Slots = used.Contains(host) ? _equal : 0 })];
        _shares[(int)UpstreamHost.Track].Slots += Math.Max(0, slots - _shares.Sum(share => share.Slots));
    }

    public bool HasRoom(UpstreamHost host) => _inFlight < _all && Of(host) is var (inFlight, most) && inFlight < most;

    public void OnStarted(UpstreamHost host, TimeSpan now)
    {
        _inFlight++;
        var share = _shares[(int)host];
        share.InFlight++;
        share.Note(now);
    }

    public void OnEnded(UpstreamHost host, bool answered, TimeSpan now)
    {
        var share = _shares[(int)host];
        if (answered && share.InFlight >= share.Slots && share.Slots < _all && FindGiver(share, now) is { } giver)
        {
            giver.Slots--;
            share.Slots++;
        }

        _inFlight--;
        share.InFlight--;
        share.Note(now);
    }

    public (int InFlight, int Most) Of(UpstreamHost host) => _shares[(int)host] is var share ? (share.InFlight, Math.Max(1, share.Slots)) : default;

    private Share? FindGiver(Share taker, TimeSpan now)
    {
        Share? giver = null;
        foreach (var share in _shares)
        {
            share.Note(now);
            var isSpare = share.Slots > Math.Max(_reserve, share.Peak) || (taker.Slots < _equal && share.Slots > _equal);
            if (share != taker && isSpare && (giver is null || share.Slots > giver.Slots))
            {
                giver = share;
            }
        }

        return giver;
    }

    private sealed class Share
    {
        private TimeSpan _endsAt = Period;
        private int _before;
        private int _peak;

        public int Slots { get; set; }

        public int InFlight { get; set; }

        /// <summary>The highest number of slots in use in this period and the one before it.</summary>
        public int Peak => Math.Max(_before, _peak);

        public void Note(TimeSpan now)
        {
            if (now >= _endsAt)
            {
                // Requests that were in flight when a period began count in that period too.
                _before = now < _endsAt + Period ? _peak : InFlight;
                _peak = InFlight;
                _endsAt = now + Period;
            }

            _peak = Math.Max(_peak, InFlight);
        }
    }
}
