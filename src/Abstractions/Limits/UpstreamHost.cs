using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;

namespace CioOrleans.Limits;

/// <summary>One of Customer.io's hosts. Each has a health of its own. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.UpstreamHost")]
public enum UpstreamHost : byte
{
    /// <summary>The Track API, versions 1 and 2. <c>track</c> in answers and metrics.</summary>
    Track = 0,

    /// <summary>The App API: sends, broadcasts and everything that is passed through. <c>app</c> in answers and metrics.</summary>
    App = 1,

    /// <summary>The Pipelines API. <c>pipelines</c> in answers and metrics.</summary>
    Pipelines = 2,
}

/// <summary>The host of each limit class, and the hosts' names.</summary>
public static class UpstreamHosts
{
    /// <summary>All hosts, in the order of the enum.</summary>
    public static IReadOnlyList<UpstreamHost> All { get; } = Enum.GetValues<UpstreamHost>();

    /// <summary>The host whose API a limit class belongs to. <see cref="WorkspaceSettings.HostOf"/> is the host that gets the requests.</summary>
    public static UpstreamHost ToHost(this LimitClass limitClass) => limitClass switch
    {
        LimitClass.TransactionalEmail or LimitClass.TransactionalPush or LimitClass.Broadcast or LimitClass.Query => UpstreamHost.App,
        LimitClass.Pipelines => UpstreamHost.Pipelines,
        _ => UpstreamHost.Track,
    };

    /// <summary>The name in answers, options and metrics, in lower case.</summary>
    public static string ToName(this UpstreamHost host) => host switch
    {
        UpstreamHost.App => "app",
        UpstreamHost.Pipelines => "pipelines",
        _ => "track",
    };

    /// <summary>The name for people, such as <c>Track API</c>.</summary>
    public static string ToTitle(this UpstreamHost host) => $"{host} API";

    /// <summary>Finds the host with a name; case does not matter.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out UpstreamHost host)
    {
        foreach (var candidate in All)
        {
            if (string.Equals(candidate.ToName(), name, StringComparison.OrdinalIgnoreCase))
            {
                host = candidate;
                return true;
            }
        }

        host = default;
        return false;
    }
}
