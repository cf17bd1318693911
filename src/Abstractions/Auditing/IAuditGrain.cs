using Orleans.Concurrency;

namespace CioOrleans.Auditing;

/// <summary>What operators did (key: 0). It stands beside the calls in the outbox's database, and is forgotten after <c>Admin:KeepAudit</c>.</summary>
[Alias("cio.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Stores an entry, or its status where it is there already. Returns once it is on stable storage.</summary>
    /// <returns>Null; otherwise why it could not be stored.</returns>
    [Alias("Record"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<string?> Record(AuditEntry entry);

    /// <summary>Entries, the newest first.</summary>
    /// <param name="before">Only those older than this one; null for all.</param>
    /// <param name="limit">At most so many; 1 to 1,000.</param>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<IReadOnlyList<AuditEntry>> Read(Ulid? before, int limit);
}

/// <summary>One call of an operator.</summary>
/// <param name="Id">Of the entry; its time is when the call came.</param>
/// <param name="Caller">The name of the key, or <c>loopback</c>.</param>
/// <param name="Action">Method and path, with names in place of what was selected.</param>
/// <param name="Selection">The path and the query as sent, and the beginning of the body.</param>
/// <param name="Status">What was answered; null where the process ended before the answer, and the outcome is unknown.</param>
[GenerateSerializer, Immutable, Alias("cio.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] Ulid Id, [property: Id(1)] string Caller, [property: Id(2)] string Action, [property: Id(3)] string Selection, [property: Id(4)] int? Status);
