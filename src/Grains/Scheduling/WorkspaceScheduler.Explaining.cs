using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>What the scheduler knows about a customer, and why its head waits. Changes nothing.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <param name="limitClass">The limit class of its head, for a customer that is not known here.</param>
    public CustomerStanding Explain(string customer, LimitClass limitClass)
    {
        var (now, utcNow) = (Now, _time.GetUtcNow());
        PromoteDue(now);
        var entry = _customers.GetValueOrDefault(customer);
        var queue = entry is null ? _queueOfClass[(int)limitClass] : QueueOf(entry);
        var host = _hosts[(int)_settings.HostOf(entry?.Class ?? limitClass)];
        return new CustomerStanding(
            entry?.State switch
            {
                null => CustomerActivity.Idle,
                CustomerState.Ready => CustomerActivity.Ready,
                CustomerState.InFlight => CustomerActivity.InFlight,
                CustomerState.Settling => CustomerActivity.Settling,
                CustomerState.Waiting => CustomerActivity.Waiting,
                CustomerState.Held => CustomerActivity.Held,
                _ => CustomerActivity.Parked,
            },
            entry?.State is CustomerState.Waiting or CustomerState.Parked ? Later(entry.Moment - now, TimeSpan.Zero) : null,
            entry?.State == CustomerState.Ready ? queue.CountAhead(entry) : null,
            queue.ReadyCount,
            entry is { CanBatch: true } ? _settings.Batching.MaxItems : 1,
            queue.Limit.StatusAt(now, utcNow),
            queue.Limit.NextAt(now) is { } next ? Later(next - now, TimeSpan.Zero) : null,
            _operatorPause,
            host.Health.Reason,
            host.Health.State == HostState.Misconfigured,
            host.Health is { IsProbing: true, NextAt: { } probe } ? Later(probe - now, TimeSpan.Zero) : null,
            host.Name);
    }
}
