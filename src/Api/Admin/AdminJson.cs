using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CioOrleans.Api.Admin;

/// <summary>The JSON types that <c>/admin</c> reads and writes.</summary>
[JsonSerializable(typeof(WorkspaceList))]
[JsonSerializable(typeof(WorkspaceAnswer))]
[JsonSerializable(typeof(CustomerAnswer))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(DeadLetterCauseList))]
[JsonSerializable(typeof(DeadLettersAnswer))]
[JsonSerializable(typeof(HeldCustomerList))]
[JsonSerializable(typeof(ReplayAnswer))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(CallAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(DiscardAnswer))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(RefusedCallList))]
[JsonSerializable(typeof(RefusedCallAnswer))]
[JsonSerializable(typeof(RefusedEraseAnswer))]
[JsonSerializable(typeof(HistoryList))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(HistoryEraseAnswer))]
[JsonSerializable(typeof(ProofAnswer))]
[JsonSerializable(typeof(SettingList))]
[JsonSerializable(typeof(QueuesAnswer))]
[JsonSerializable(typeof(ImportListAnswer))]
[JsonSerializable(typeof(SendListAnswer))]
[JsonSerializable(typeof(WaitingSendsAnswer))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(PauseBody))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    /// <summary>Does not escape quotes and non-ASCII letters, because people read these answers and no page embeds them. Refuses unknown members.</summary>
    public static AdminJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

internal sealed record WorkspaceList(IReadOnlyList<string> Workspaces);

/// <summary>The answer to a replay or a discard of a dead letter.</summary>
internal sealed record Done(string Id);

internal sealed record PauseBody(string? Reason = null);
