using CioOrleans.Auditing;
using CioOrleans.Grains.Outbox;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Auditing;

/// <summary>How long entries are kept.</summary>
/// <param name="Keep">Default: 90 days.</param>
public sealed record AuditRetention(TimeSpan Keep);

/// <inheritdoc cref="IAuditGrain"/>
[StatelessWorker]
internal sealed class AuditGrain(IAuditStore store, AuditRetention retention, TimeProvider time) : Grain, IAuditGrain
{
    public async ValueTask<string?> Record(AuditEntry entry) =>
        await store.StoreAuditAsync(entry, time.GetUtcNow() - retention.Keep) is WriteResult.Unavailable(var reason) ? reason : null;

    public ValueTask<IReadOnlyList<AuditEntry>> Read(Ulid? before, int limit) => store.ReadAuditAsync(before, Math.Clamp(limit, 1, 1_000));
}
