using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Workspaces;

/// <summary>The permits of a workspace under its lease: when one may be granted, until when it may be used, and when its request has ended for certain.</summary>
internal sealed class PermitTerms(WorkspaceSettings settings, WorkspaceLease lease, TimeProvider time)
{
    /// <summary>How long after its grant a permit may be used to begin an attempt. It bounds how late a delayed permit can be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    /// <summary>The time that a delivery takes besides its permit's life and the request: two grain calls and a commit.</summary>
    public static readonly TimeSpan Overhead = TimeSpan.FromSeconds(1);

    private long _lastNumber;

    /// <summary>Whether the longest request still fits into the lease.</summary>
    public bool CanGrant => lease.Holds(settings.LongestRequest);

    /// <summary>The longest time from a grant until its request has ended.</summary>
    public TimeSpan Longest => Life + settings.LongestRequest + Overhead;

    /// <summary>The longest time from a grant to a caller that forwards a request until its attempt has ended; a packet life may follow.</summary>
    public TimeSpan LongestForwarded => Life + settings.AttemptTimeout + Overhead;

    /// <summary>A permit as of now. It ends before the lease does, by its longest request: when a lease has ended, so has every request under it.</summary>
    public Permit Grant(LimitClass limitClass) =>
        new(lease.Epoch, limitClass, lease.LatestStart(settings.LongestRequest, Life), settings.AttemptTimeout) { GrantedAt = lease.Now, Number = ++_lastNumber };

    /// <summary>How long a request may still be under way that was granted at a timestamp; zero when it must have ended.</summary>
    public TimeSpan UntilEnded(long grantedAt)
    {
        var rest = Longest - time.GetElapsedTime(grantedAt);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }
}
