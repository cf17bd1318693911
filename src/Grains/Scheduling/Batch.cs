namespace CioOrleans.Scheduling;

/// <summary>A request on its way that carries the heads of several customers' queues.</summary>
internal sealed record Batch(Lane Lane, TimeSpan GrantedAt, IReadOnlyList<CustomerEntry> Members);
