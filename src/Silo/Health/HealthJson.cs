using System.Text.Json.Serialization;

namespace CioOrleans.Silo.Health;

/// <summary>The answers of <c>/health</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal sealed record LiveAnswer(bool IsLive);

internal sealed record ReadyAnswer(bool IsReady, bool IsStorageOpen, bool AreWorkspacesStarted, bool IsDraining);
