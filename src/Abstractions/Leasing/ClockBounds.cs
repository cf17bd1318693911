namespace CioOrleans.Leasing;

/// <summary>Bounds of the lease clock at one moment, as far as a process knows them.</summary>
/// <param name="Earliest">The clock shows this or more.</param>
/// <param name="Latest">The clock shows this or less.</param>
[GenerateSerializer, Immutable, Alias("cio.ClockBounds")]
public readonly record struct ClockBounds([property: Id(0)] TimeSpan Earliest, [property: Id(1)] TimeSpan Latest)
{
    /// <summary>No bounds are known: every deadline may have passed, and none has passed for certain.</summary>
    public static ClockBounds Unknown { get; } = new(TimeSpan.MinValue / 4, TimeSpan.MaxValue / 4);

    /// <summary>The bounds of a clock that this process reads itself.</summary>
    public static ClockBounds Exactly(TimeSpan now) => new(now, now);

    /// <summary>Whether both bounds come from a reading of the clock.</summary>
    public bool IsKnown => Latest < Unknown.Latest;

    /// <summary>How far apart the bounds are.</summary>
    public TimeSpan Width => Latest - Earliest;
}
