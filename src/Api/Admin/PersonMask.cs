using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CioOrleans.Api.Admin;

/// <summary>
/// Writes answers without what tells of persons. Every text is hidden unless its member is known to hold none, so that a new member is hidden until somebody has
/// looked at it. Numbers, flags and times are not hidden.
/// </summary>
/// <param name="known">The ordering key of the customer that the caller has named, which is not hidden; null if the caller has named none.</param>
internal sealed class PersonMask(string? known)
{
    /// <summary>In place of a text.</summary>
    public const string Hidden = "•••";

    /// <summary>The types whose texts all concern the dispatcher itself. A pause's reason is an operator's own text.</summary>
    private static readonly FrozenSet<Type> _openTypes = FrozenSet.ToFrozenSet(
    [
        typeof(WorkspaceList), typeof(WorkspaceAnswer), typeof(LimitAnswer), typeof(HostAnswer), typeof(ClusterAnswer), typeof(SiloAnswer), typeof(OwnerAnswer), typeof(ImportAnswer),
        typeof(ImportListAnswer), typeof(ImportSummaryAnswer), typeof(SendListAnswer), typeof(AnsweredSendAnswer), typeof(SettingList), typeof(SettingAnswer), typeof(ProofAnswer),
        typeof(ProofLimit), typeof(ProofGap), typeof(ReplayAnswer),
    ]);

    private static readonly FrozenSet<(Type, string)> _openMembers = FrozenSet.ToFrozenSet(
    [
        (typeof(ProofFinding), "kind"),
        (typeof(AuditList), "next"), (typeof(AuditAnswer), "id"), (typeof(AuditAnswer), "caller"), (typeof(AuditAnswer), "action"),
        (typeof(CustomerAnswer), "workspace"), (typeof(CustomerAnswer), "state"), (typeof(HeadAnswer), "id"), (typeof(HeadAnswer), "limitClass"),
        (typeof(HeldAnswer), "id"), (typeof(HeldAnswer), "kind"), (typeof(WaitAnswer), "cause"),
        (typeof(CallAnswer), "workspace"), (typeof(CallAnswer), "id"), (typeof(CallAnswer), "state"), (typeof(CallAnswer), "kind"), (typeof(CallAnswer), "limitClass"), (typeof(CallAnswer), "note"),
        (typeof(DeadLetterList), "next"), (typeof(DeadLetterAnswer), "id"), (typeof(DeadLetterAnswer), "kind"), (typeof(DeadLetterAnswer), "limitClass"), (typeof(DeadLetterAnswer), "method"),
        (typeof(DeadLetterCauseAnswer), "cause"), (typeof(DeadLetterCauseAnswer), "kind"), (typeof(DeadLetterCauseAnswer), "example"),
        (typeof(RefusedCallList), "next"), (typeof(RefusedCallAnswer), "id"), (typeof(RefusedCallAnswer), "reason"), (typeof(RefusedCallAnswer), "path"),
        (typeof(HistoryList), "next"), (typeof(HistoryAnswer), "result"), (typeof(HistoryAnswer), "limitClass"), (typeof(HistoryAnswer), "callId"), (typeof(HistoryAnswer), "kind"),
        (typeof(HistoryAnswer), "import"), (typeof(HistoryAnswer), "silo"), (typeof(HistoryRequest), "method"),
        (typeof(WaitingSendAnswer), "id"),
        (typeof(CallAnswer), "traceId"), (typeof(HistoryAnswer), "traceId"),
    ]);

    private static readonly JsonSerializerOptions _options = new(AdminJson.Readable.Options) { TypeInfoResolver = AdminJson.Readable.WithAddedModifier(HideTexts) };

    /// <summary>The caller of this thread's serialization. Serialization does not leave the thread.</summary>
    [ThreadStatic]
    private static PersonMask? _current;

    /// <summary>Writes an answer as JSON.</summary>
    public byte[] Write(object answer)
    {
        _current = this;
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(answer, _options.GetTypeInfo(answer.GetType()));
        }
        finally
        {
            _current = null;
        }
    }

    private static void HideTexts(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || _openTypes.Contains(type.Type))
        {
            return;
        }

        foreach (var member in type.Properties.Where(member => member.Get is not null && !_openMembers.Contains((type.Type, member.Name))))
        {
            var get = member.Get!;

            // The cursor of held customers is the name of one.
            member.Get = member.PropertyType == typeof(string) && (type.Type, member.Name) != (typeof(HeldCustomerList), "next") ? answer => _current!.Hide((string?)get(answer))
                : member.PropertyType == typeof(IReadOnlyList<string>) ? answer => ((IReadOnlyList<string>?)get(answer))?.Select(text => _current!.Hide(text)!).ToArray()
                : member.PropertyType == typeof(string) || member.PropertyType == typeof(RawJson) || member.PropertyType == typeof(byte[]) ? _ => null
                : get;
        }
    }

    private string? Hide(string? text) => text is null || text == known ? text : Hidden;
}
