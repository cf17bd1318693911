using CioOrleans.Leasing;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>A silo whose lease clock shows one hour, with an error of at most a second.</summary>
public sealed class RecordingLeaseClockGrain : Grain, ILeaseClockGrain
{
    private static readonly long _began = TimeProvider.System.GetTimestamp();

    public static ClockBounds Bounds => new(Start + TimeProvider.System.GetElapsedTime(_began), Start + TimeSpan.FromSeconds(1) + TimeProvider.System.GetElapsedTime(_began));

    private static TimeSpan Start => TimeSpan.FromHours(1);

    public ValueTask<ClockBounds> Read() => ValueTask.FromResult(Bounds);
}
