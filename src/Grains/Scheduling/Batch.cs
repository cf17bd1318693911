namespace CioOrleans.Grains.Scheduling;

/// <summary>A request in flight with the heads of several customers' queues.</summary>
internal sealed record Batch(LimitQueue Queue, TimeSpan GrantedAt, IReadOnlyList<ScheduledCustomer> Members);
