namespace CioOrleans.Grains.Workspaces;

/// <summary>
/// Tells silos that left in good order from those that were lost. A silo that leaves lets its deliveries end before it says that it shuts
/// down; a silo that is dead without having said so may have been in the middle of one. Safe for use from all threads.
/// </summary>
public sealed class SiloDepartures
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, SiloStatus> _last = [];
    private MembershipVersion _version = MembershipVersion.MinValue;
    private long _lost;

    /// <summary>How many silos were lost so far, by a view of the cluster.</summary>
    /// <param name="members">All silos of the view and their status.</param>
    /// <param name="version">Of the view; an older one than was seen before changes nothing.</param>
    public long CountLost(IEnumerable<KeyValuePair<SiloAddress, SiloStatus>> members, MembershipVersion version)
    {
        lock (_lock)
        {
            if (version > _version)
            {
                _version = version;
                foreach (var (silo, status) in members)
                {
                    var before = _last.GetValueOrDefault(silo, SiloStatus.Active);
                    _lost += status == SiloStatus.Dead && before is not (SiloStatus.Dead or SiloStatus.ShuttingDown or SiloStatus.Stopping) ? 1 : 0;
                    _last[silo] = status;
                }
            }

            return _lost;
        }
    }
}
