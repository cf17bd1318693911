using CioOrleans.Auditing;

namespace CioOrleans.Api.Admin;

/// <summary>A page of what operators did as <c>/admin/audit</c> shows it, the newest first; <c>next</c> goes into <c>after</c> for the next page and is null on the last one.</summary>
internal sealed record AuditList(IReadOnlyList<AuditAnswer> Entries, string? Next)
{
    public static AuditList Of(IReadOnlyList<AuditEntry> entries, int limit) =>
        new([.. entries.Select(AuditAnswer.Of)], entries.Count == limit ? entries[^1].Id.ToString() : null);
}

/// <summary>One call of an operator. Without a status its outcome is unknown.</summary>
internal sealed record AuditAnswer(string Id, DateTimeOffset At, string Caller, string Action, string Selection, int? Status)
{
    public static AuditAnswer Of(AuditEntry entry) => new(entry.Id.ToString(), entry.Id.Time, entry.Caller, entry.Action, entry.Selection, entry.Status);
}
