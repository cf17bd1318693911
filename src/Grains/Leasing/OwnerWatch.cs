namespace CioOrleans.Grains.Leasing;

/// <summary>
/// Recognises owners that hang, by their leases. It trusts only what it sees while it reads the leases itself without a gap: an owner
/// whose renewals are missing then had the database to renew in. Not thread-safe.
/// </summary>
public sealed class OwnerWatch
{
    /// <summary>How long an owner may go without a renewal: six of them.</summary>
    public static readonly TimeSpan Patience = 6 * LeaseTerms.RenewEvery;

    /// <summary>How long a silo that owns nothing may go without the database while others have it.</summary>
    public static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(10);

    /// <summary>A longer pause between two reads is a gap: this process may have been stopped meanwhile.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How many such answers in a row prove it.</summary>
    public const int Complaints = 3;

    private readonly Dictionary<string, int> _complaints = new(StringComparer.Ordinal);
    private TimeSpan? _readingSince;
    private TimeSpan _lastReadAt;

    /// <summary>The leases could not be read.</summary>
    public void OnReadFailed()
    {
        _readingSince = null;
        _complaints.Clear();
    }

    /// <summary>The leases were read.</summary>
    /// <param name="leases">All of them.</param>
    /// <param name="now">On this process's monotonic clock.</param>
    /// <returns>Leases whose owners are to be asked whether they live.</returns>
    public IReadOnlyList<LeaseRecord> OnRead(IReadOnlyList<LeaseRecord> leases, TimeSpan now)
    {
        if (_readingSince is null || now - _lastReadAt > LongestPause)
        {
            _readingSince = now;
        }

        _lastReadAt = now;
        return HasReadFor(Patience) ? [.. leases.Where(lease => lease.Silo is not null && lease.RenewedFor >= Patience)] : [];
    }

    /// <summary>Whether an owner that does not renew is to be taken for dead.</summary>
    /// <param name="databaseSilentFor">Its own answer: how long it has not reached the database. Null where it did not answer.</param>
    public static bool IsLost(TimeSpan? databaseSilentFor) => databaseSilentFor is not { } silent || silent >= Patience;

    /// <summary>
    /// Whether a silo that owns nothing is to leave: it has said several times in a row that it has lost a database that this silo reads
    /// without a gap. To be called with each of its answers.
    /// </summary>
    public bool IsCutOff(string silo, TimeSpan databaseSilentFor)
    {
        if (databaseSilentFor < DatabasePatience || !HasReadFor(DatabasePatience))
        {
            _complaints.Remove(silo);
            return false;
        }

        return (_complaints[silo] = _complaints.GetValueOrDefault(silo) + 1) >= Complaints;
    }

    private bool HasReadFor(TimeSpan time) => _readingSince is { } since && _lastReadAt - since >= time;
}
