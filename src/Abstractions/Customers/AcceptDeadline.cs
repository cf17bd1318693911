using CioOrleans.Leasing;

namespace CioOrleans.Customers;

/// <summary>
/// The end of an accept: after this moment of the lease clock the call must not be stored any more. The grain compares it with the latest time that the clock
/// may show, the caller with the earliest. So once the deadline has passed for the caller, no grain will give the call a sequence. The default value has always
/// passed.
/// </summary>
/// <param name="At">A moment of the lease clock.</param>
[GenerateSerializer, Immutable, Alias("cio.AcceptDeadline")]
public readonly record struct AcceptDeadline([property: Id(0)] TimeSpan At)
{
    /// <summary>The time for one accept. Equals the time-out of the grain call.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    /// <summary>A deadline that leaves at least <paramref name="length"/> from now on.</summary>
    public static AcceptDeadline After(ClockBounds now, TimeSpan length) => new(now.Latest + length);

    /// <summary>Whether the deadline may have passed. Then the grain must refuse the call.</summary>
    public bool MayHavePassed(ClockBounds now) => now.Latest >= At;

    /// <summary>Whether the deadline has passed for every process. Then the call cannot be stored any more.</summary>
    public bool HasPassed(ClockBounds now) => now.Earliest >= At;
}
