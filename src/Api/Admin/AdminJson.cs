using System.Text.Json.Serialization;

namespace CioOrleans.Api.Admin;

/// <summary>Everything that <c>/admin</c> reads and writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WorkspaceList))]
[JsonSerializable(typeof(WorkspaceAnswer))]
[JsonSerializable(typeof(CustomerAnswer))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(PauseBody))]
internal sealed partial class AdminJson : JsonSerializerContext;

internal sealed record WorkspaceList(IReadOnlyList<string> Workspaces);

/// <summary>A dead letter was replayed or discarded.</summary>
internal sealed record Done(string Id);

internal sealed record ErrorAnswer(ErrorMeta Meta);

internal sealed record ErrorMeta(string Error);

internal sealed record PauseBody(string? Reason);
