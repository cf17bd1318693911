using CioOrleans.Delivery;

namespace CioOrleans.Leasing;

/// <summary>How long a workspace's lease lasts without a renewal, on every store.</summary>
public static class LeaseTerms
{
    /// <summary>How often an owner renews its lease.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What a lease lasts beyond the longest request: one renewal may fail before the sending pauses. After a crash of the owner nothing is
    /// sent for the lease and one window, so a longer margin delays that as well.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>A permit is granted only while its longest request fits into the lease, so a lease outlasts the longest request.</summary>
    public static TimeSpan LengthFor(TimeSpan attemptTimeout) => RequestEnd.Longest(attemptTimeout) + Margin;
}
