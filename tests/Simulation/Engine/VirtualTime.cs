namespace CioOrleans.Simulation;

/// <summary>A clock that only the simulation advances.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset _epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => _epoch + Now;
}
