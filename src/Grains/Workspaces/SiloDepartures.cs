namespace CioOrleans.Grains.Workspaces;

/// <summary>
/// Counts the silos that were lost, as opposed to silos that left in good order. A leaving silo ends its deliveries before it announces its shutdown. A silo
/// that is declared dead without that announcement may have been delivering. Safe for use from all threads.
/// </summary>
public sealed class SiloDepartures
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, SiloStatus> _last = [];
    private MembershipVersion _version = MembershipVersion.MinValue;
    private long _lost;

    /// <summary>The number of silos that were lost so far.</summary>
    /// <param name="members">All silos of the view and their status.</param>
    /// <param name="version">The version of the view. A view that is older than an earlier one changes nothing.</param>
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
