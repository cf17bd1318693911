using CioOrleans.Auditing;

namespace CioOrleans.Api.Admin;

/// <summary>
/// A page of the audit trail, newest first. The next page starts with <c>after</c> set to <c>next</c>, which is null if this page is not full.
/// </summary>
internal sealed record AuditList(IReadOnlyList<AuditAnswer> Entries, string? Next)
{
    public static AuditList Of(IReadOnlyList<AuditEntry> entries, int limit) =>
        new([.. entries.Select(AuditAnswer.Of)], entries.Count == limit ? entries[^1].Id.ToString() : null);
}

/// <summary>One request of an operator. <c>status</c> is null if its outcome is unknown.</summary>
internal sealed record AuditAnswer(string Id, DateTimeOffset At, string Caller, string Action, string Selection, int? Status)
{
    public static AuditAnswer Of(AuditEntry entry) => new(entry.Id.ToString(), entry.Id.Time, entry.Caller, entry.Action, entry.Selection, entry.Status);
}
