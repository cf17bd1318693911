using CioOrleans.Attempts;

namespace CioOrleans.Grains.Leasing;

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

    /// <summary>The shortest <c>AttemptTimeout</c> that is allowed.</summary>
    public static readonly TimeSpan ShortestAttemptTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest <c>AttemptTimeout</c> that is allowed. After a crash of the owner nothing is sent for as long.</summary>
    public static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A permit is granted only while its longest request fits into the lease, so a lease outlasts the longest request.</summary>
    public static TimeSpan LengthFor(TimeSpan attemptTimeout) => RequestEnd.Longest(attemptTimeout) + Margin;

    /// <summary>Whether an owner can grant a permit under a lease of this length until its next renewal is due.</summary>
    /// <param name="length">The length of the lease.</param>
    /// <param name="longestRequest">The longest time from the start of an attempt to the end of its request.</param>
    public static bool CanGrant(TimeSpan length, TimeSpan longestRequest) => length > longestRequest + RenewEvery;
}
