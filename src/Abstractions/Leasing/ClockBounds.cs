namespace CioOrleans.Leasing;

/// <summary>What a process knows of the lease clock at one moment.</summary>
/// <param name="Earliest">The clock shows this or more.</param>
/// <param name="Latest">The clock shows this or less.</param>
[GenerateSerializer, Immutable, Alias("cio.ClockBounds")]
public readonly record struct ClockBounds([property: Id(0)] TimeSpan Earliest, [property: Id(1)] TimeSpan Latest)
{
    /// <summary>Nothing is known: every deadline may have passed, and none has for certain.</summary>
    public static ClockBounds Unknown { get; } = new(TimeSpan.MinValue / 4, TimeSpan.MaxValue / 4);

    /// <summary>A clock that this process reads itself.</summary>
    public static ClockBounds Exactly(TimeSpan now) => new(now, now);

    /// <summary>Whether both bounds come from a reading of the clock.</summary>
    public bool IsKnown => Latest < Unknown.Latest;

    /// <summary>How far apart the bounds are.</summary>
    public TimeSpan Width => Latest - Earliest;
}
