using CioOrleans.Auditing;

namespace CioOrleans.Grains.Outbox;

/// <summary>The store of the audit trail.</summary>
public interface IAuditStore
{
    /// <summary>Stores an entry, or updates the status of an entry that is stored. Deletes entries older than <paramref name="forgetBefore"/>.</summary>
    ValueTask<WriteResult> StoreAuditAsync(AuditEntry entry, DateTimeOffset forgetBefore);

    /// <summary>The lowest id that an entry of this time can have.</summary>
    static Ulid FirstAt(DateTimeOffset time) => Ulid.NewUlid(time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time, new byte[10]);

    /// <summary>Entries, newest first; only those older than <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(Ulid? before, int limit, CancellationToken cancellation = default);
}
