namespace CioOrleans.Delivery;

/// <summary>The clock by which permits end: the lease clock of the database that the workspace's owner uses.</summary>
public interface IPermitClock
{
    /// <summary>
    /// The same clock for every process that shares the database. It is monotonic within a process and never behind the database's own clock, so that a
    /// deadline judged by it is never missed.
    /// </summary>
    TimeSpan Now { get; }
}
