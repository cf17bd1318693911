using CioOrleans.Limits;
using CioOrleans.Retry;

namespace CioOrleans.Scheduling;

/// <summary>One of Customer.io's hosts as a scheduler sees it: its health, what shows it, and the customers whose head for it waits for a moment.</summary>
internal sealed class Host(UpstreamHost name, HostHealth health)
{
    public UpstreamHost Name { get; } = name;

    public HostHealth Health { get; } = health;

    public OutageDetector Recent { get; } = new();

    public WaitingList Waiting { get; } = new();

    /// <summary>The host responds: normal delivery goes on.</summary>
    public void Recover(TimeSpan now)
    {
        Health.Recover(now);
        Recent.Clear();
    }
}
