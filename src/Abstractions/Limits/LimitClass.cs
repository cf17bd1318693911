using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Limits;

/// <summary>The class of endpoints whose rate limit a request counts against. The numbers are stored and cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.LimitClass")]
public enum LimitClass : byte
{
    /// <summary>Changes of a person: identify, delete, devices, suppress, merge, segments. <c>identify</c> in the settings.</summary>
    Identify = 0,

    /// <summary>Events, forms and delivery metrics. <c>track</c> in the settings.</summary>
    Track = 1,

    /// <summary>Page and screen views. <c>page</c> in the settings.</summary>
    Page = 2,

    /// <summary>Requests to Track v2. <c>batch</c> in the settings.</summary>
    Batch = 3,

    /// <summary>Transactional e-mail. <c>transactional-email</c> in the settings.</summary>
    TransactionalEmail = 4,

    /// <summary>Transactional push, SMS and in-app messages. <c>transactional-push</c> in the settings.</summary>
    TransactionalPush = 5,

    /// <summary>All other App API requests. <c>query</c> in the settings.</summary>
    Query = 6,

    /// <summary>Broadcast triggers. <c>broadcast</c> in the settings.</summary>
    Broadcast = 7,

    /// <summary>The Pipelines API. <c>pipelines</c> in the settings.</summary>
    Pipelines = 8,
}

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
