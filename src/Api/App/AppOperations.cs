namespace CioOrleans.Api.App;

/// <summary>
/// The POST operations of the App API that a caller may repeat without harm: they read, or make a draft or a setting. All others are sent at most once.
/// </summary>
internal static class AppOperations
{
    private const string Any = "*";

    /// <summary>The paths below <c>/v1/</c> of Customer.io's documentation and its Node SDK; <c>*</c> is one segment.</summary>
    private static readonly string[][] _repeatable =
    [
        .. new[]
        {
            "customers",
            "customers/attributes",
            "customers/*/attributes",
            "objects",
            "segments",
            "newsletters",
            "newsletters/*/language",
            "newsletters/*/test_groups",
            "newsletters/*/test_group/*/language",
            "design_studio/folders",
            "design_studio/emails",
            "design_studio/emails/*/languages",
            "design_studio/components",
            "assets/files",
            "assets/folders",
            "collections",
            "esp/suppression/*/*",
            "reporting_webhooks",
            "snippets",
            "data_index/attributes",
            "data_index/events",
        }.Select(path => path.Split('/')),
    ];

    /// <summary>Whether a POST may be repeated after an unknown outcome.</summary>
    /// <param name="path">The path below <c>/v1/</c>, decoded and in lower case.</param>
    public static bool IsRepeatable(string path)
    {
        var segments = path.Split('/');
        return Array.Exists(_repeatable, pattern => Matches(pattern, segments));
    }

    private static bool Matches(string[] pattern, string[] segments) =>
        pattern.Length == segments.Length && pattern.Zip(segments).All(pair => pair.First == Any ? pair.Second.Length > 0 : pair.First == pair.Second);
}
