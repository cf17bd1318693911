using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>The calls of the Pipelines API.</summary>
internal static class PipelinesCall
{
    public const string Batch = "batch";

    private const string Root = "/v1/";

    /// <summary>The name of the call that a path is; null where it is none. They share their root with the App API, which has none of these names.</summary>
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

    /// <summary>What a call of that name, or an item of that type, does; null where there is none.</summary>
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
