using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>The calls of the Pipelines API.</summary>
internal static class PipelinesCall
{
    public const string Batch = "batch";

    /// <summary>What all its paths begin with, as those of the App API do.</summary>
    public const string Root = "/v1/";

    /// <summary>The name of the Pipelines call that a path names; null if it names none. The App API has the same root but none of these names.</summary>
    public static string? Find(ReadOnlySpan<char> path) => !path.StartsWith(Root, StringComparison.Ordinal) ? null : path[Root.Length..] switch
    {
        "identify" => "identify",
        "track" => "track",
        "page" => "page",
        "screen" => "screen",
        "group" => "group",
        "alias" => "alias",
        "batch" => Batch,
        _ => null,
    };

    /// <summary>The kind of a call of this name or of a batch item of this type; null if it is unknown.</summary>
    public static CallKind? KindOf(string? name) => name switch
    {
        "identify" => CallKind.Identify,
        "track" => CallKind.Event,
        "page" => CallKind.Page,
        "screen" => CallKind.Screen,
        "group" => CallKind.Group,
        "alias" => CallKind.Alias,
        _ => null,
    };
}
