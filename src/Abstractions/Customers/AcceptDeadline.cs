using CioOrleans.Leasing;

namespace CioOrleans.Customers;

/// <summary>
/// When an accept ends: after this moment of the lease clock the call must not be stored any more. The grain judges by the latest time that it may be,
/// the caller by the earliest. So a caller that has seen the deadline pass knows that no grain will number the call from then on.
/// The default value has always passed.
/// </summary>
/// <param name="At">A moment of the lease clock.</param>
[GenerateSerializer, Immutable, Alias("cio.AcceptDeadline")]
public readonly record struct AcceptDeadline([property: Id(0)] TimeSpan At)
{
    /// <summary>A deadline that leaves at least <paramref name="length"/> from now on.</summary>
    public static AcceptDeadline After(ClockBounds now, TimeSpan length) => new(now.Latest + length);

    /// <summary>Whether it may be over: then the call must be refused.</summary>
    public bool MayHavePassed(ClockBounds now) => now.Latest >= At;

    /// <summary>Whether it is over for every process: then the call cannot be stored any more.</summary>
    public bool HasPassed(ClockBounds now) => now.Earliest >= At;
}
