namespace CioOrleans.Sandbox;

/// <summary>The names of endpoint classes in settings and reports: the names of the enum in lower case, with hyphens between words.</summary>
public static class EndpointClassNames
{
    private static readonly string[] _names = ["identify", "track", "page", "batch", "query", "other", "transactional-email", "transactional-push", "broadcast", "pipelines"];

    /// <summary>Every class, in the order of the enum.</summary>
    public static IReadOnlyList<EndpointClass> All { get; } = Enum.GetValues<EndpointClass>();

    /// <summary>The name of <paramref name="endpointClass"/>.</summary>
    public static string ToName(this EndpointClass endpointClass) => _names[(int)endpointClass];

    /// <summary>Finds the class of a name; case does not matter.</summary>
    public static bool TryParse(string name, out EndpointClass endpointClass)
    {
        var index = Array.FindIndex(_names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
        endpointClass = (EndpointClass)Math.Max(index, 0);
        return index >= 0;
    }
}
