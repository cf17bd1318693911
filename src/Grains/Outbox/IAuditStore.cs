using CioOrleans.Auditing;

namespace CioOrleans.Outbox;

/// <summary>What operators did.</summary>
public interface IAuditStore
{
    /// <summary>Stores an entry, or its status where it is there already. Forgets entries older than <paramref name="forgetBefore"/>.</summary>
    ValueTask<WriteResult> StoreAuditAsync(AuditEntry entry, DateTimeOffset forgetBefore);

    /// <summary>The lowest id of an entry at a time.</summary>
    static Ulid FirstAt(DateTimeOffset time) => Ulid.NewUlid(time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time, new byte[10]);

    /// <summary>Entries, the newest first, older than <paramref name="before"/> where it is given.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(Ulid? before, int limit, CancellationToken cancellation = default);
}
