using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>A set of Customer.io's hosts.</summary>
internal readonly record struct HostSet(int Bits)
{
    public bool IsEmpty => Bits == 0;

    public bool Contains(UpstreamHost host) => (Bits & (1 << (int)host)) != 0;

    public HostSet With(UpstreamHost host) => new(Bits | (1 << (int)host));
}
