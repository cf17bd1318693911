using CioOrleans.Grains.Retry;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>One of Customer.io's hosts in a scheduler: its health, its recent outcomes, and the customers whose head for it waits or is parked.</summary>
internal sealed class Host(UpstreamHost name, HostHealth health)
{
    public UpstreamHost Name { get; } = name;

    public HostHealth Health { get; } = health;

    public OutageDetector Recent { get; } = new();

    public WaitingList Waiting { get; } = new();

    /// <summary>Returns the host to normal delivery.</summary>
    public void Recover(TimeSpan now)
    {
        Health.Recover(now);
        Recent.Clear();
    }
}

/// <summary>A set of Customer.io's hosts.</summary>
internal readonly record struct HostSet(int Bits)
{
    public bool IsEmpty => Bits == 0;

    public bool Contains(UpstreamHost host) => (Bits & (1 << (int)host)) != 0;

    public HostSet With(UpstreamHost host) => new(Bits | (1 << (int)host));
}
