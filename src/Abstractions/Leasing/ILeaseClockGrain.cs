using Orleans.Concurrency;

namespace CioOrleans.Leasing;

/// <summary>Returns the lease clock to processes without a database. Any silo answers; the key of the grain has no meaning.</summary>
[Alias("cio.ILeaseClockGrain")]
public interface ILeaseClockGrain : IGrainWithIntegerKey
{
    /// <summary>The silo's bounds at a moment between the sending of the call and the arrival of its answer.</summary>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ClockBounds> Read();
}
