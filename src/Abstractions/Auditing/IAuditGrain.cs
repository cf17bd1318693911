using Orleans.Concurrency;

namespace CioOrleans.Auditing;

/// <summary>The audit trail (key: 0). It is stored in the outbox's database, and entries are deleted after <c>Admin:KeepAudit</c>.</summary>
[Alias("cio.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Stores an entry, or updates the status of an entry that is stored. Returns once it is on stable storage.</summary>
    /// <returns>Null; why the entry could not be stored otherwise.</returns>
    [Alias("Record"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<string?> Record(AuditEntry entry);

    /// <summary>Entries, newest first.</summary>
    /// <param name="before">Only entries older than this one; null for all.</param>
    /// <param name="limit">The maximum number of entries; 1 to 1,000.</param>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<IReadOnlyList<AuditEntry>> Read(Ulid? before, int limit);
}

/// <summary>One request of an operator.</summary>
/// <param name="Id">The id of the entry; its time is when the request arrived.</param>
/// <param name="Caller">The name of the key, or <c>loopback</c>.</param>
/// <param name="Action">Method and path, with placeholders for the selected names.</param>
/// <param name="Selection">The path and the query as sent, and the beginning of the body.</param>
/// <param name="Status">The status of the answer; null if the process ended before the answer, so that the outcome is unknown.</param>
[GenerateSerializer, Immutable, Alias("cio.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] Ulid Id, [property: Id(1)] string Caller, [property: Id(2)] string Action, [property: Id(3)] string Selection, [property: Id(4)] int? Status);
