namespace CioOrleans.Calls;

/// <summary>
/// The paths of Customer.io's browser SDK. They are the Pipelines API's calls, named by their first letter. Their write key is a member of the body, and
/// they have no <c>Authorization</c>.
/// </summary>
public static class BrowserPath
{
    /// <summary>The name of the Pipelines call that a path of the browser SDK makes; null if it is no such path.</summary>
    public static string? NameOf(ReadOnlySpan<char> path) => path switch
    {
        "/v1/i" => "identify",
        "/v1/t" => "track",
        "/v1/p" => "page",
        "/v1/s" => "screen",
        "/v1/g" => "group",
        "/v1/a" => "alias",
        "/v1/b" => "batch",
        _ => null,
    };

    /// <summary>Whether a stored call came from the browser SDK.</summary>
    public static bool IsTargetOf(Call call) => call.Target is ['/', 'v', '1', '/', _, ..] target && NameOf(target.AsSpan(0, 5)) is not null && (target.Length == 5 || target[5] == '?');
}
