using Orleans.Concurrency;

namespace CioOrleans.Leasing;

/// <summary>Tells processes without a database the lease clock. The silo that takes the call answers it (the keys mean nothing).</summary>
[Alias("cio.ILeaseClockGrain")]
public interface ILeaseClockGrain : IGrainWithIntegerKey
{
    /// <summary>The silo's bounds at a moment between the call's sending and the receipt of its answer.</summary>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ClockBounds> Read();
}
