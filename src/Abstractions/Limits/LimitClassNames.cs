using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Limits;

/// <summary>The names of limit classes in settings, metrics and admin answers.</summary>
public static class LimitClassNames
{
    private static readonly (LimitClass Class, string Name)[] _names =
    [
        (LimitClass.Identify, "identify"),
        (LimitClass.Track, "track"),
        (LimitClass.Page, "page"),
        (LimitClass.Batch, "batch"),
        (LimitClass.TransactionalEmail, "transactional-email"),
        (LimitClass.TransactionalPush, "transactional-push"),
        (LimitClass.Query, "query"),
        (LimitClass.Broadcast, "broadcast"),
        (LimitClass.Pipelines, "pipelines"),
    ];

    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> All { get; } = [.. _names.Select(n => n.Name)];

    /// <summary>The name of <paramref name="limitClass"/>, in kebab case.</summary>
    public static string ToName(this LimitClass limitClass) => _names[(int)limitClass].Name;

    /// <summary>Finds the class with a name; case does not matter.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out LimitClass limitClass)
    {
        foreach (var (candidate, candidateName) in _names)
        {
            if (string.Equals(candidateName, name, StringComparison.OrdinalIgnoreCase))
            {
                limitClass = candidate;
                return true;
            }
        }

        limitClass = default;
        return false;
    }
}
