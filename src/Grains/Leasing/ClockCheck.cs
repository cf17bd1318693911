using System.Globalization;

namespace CioOrleans.Grains.Leasing;

/// <summary>Whether a silo may join with the clock that its machine has.</summary>
public static class ClockCheck
{
    /// <summary>
    /// How far a silo's clock may be from the database's, either way. Silos judge each other by times that they write into the membership
    /// table: one whose clock is minutes ahead makes every later silo abort its start.
    /// </summary>
    public static readonly TimeSpan Allowed = TimeSpan.FromSeconds(5);

    /// <summary>Why a process must not start; null where it may.</summary>
    /// <param name="ahead">How far its clock is ahead of the database's; negative where it is behind.</param>
    public static string? Refuse(TimeSpan ahead) => ahead.Duration() <= Allowed
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"This machine's clock is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's; up to {Allowed.TotalSeconds:0} s is allowed. Set the clock, and let NTP keep it.");
}
