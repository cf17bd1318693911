using System.Diagnostics.CodeAnalysis;
using System.Net;
using CioOrleans.Configuration;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Api</c>.</summary>
internal static class ApiReader
{
    private static readonly Dictionary<string, AnonymousPaths> _paths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = AnonymousPaths.All,
        ["false"] = AnonymousPaths.None,
        ["metrics"] = AnonymousPaths.Metrics,
        ["push/events"] = AnonymousPaths.PushEvents,
        ["unsubscribe"] = AnonymousPaths.Unsubscribe,
    };

    private static readonly SettingFormat<object> _anonymousPaths = new("true, false, or some of 'metrics, push/events, unsubscribe'", TryPaths);
    private static readonly SettingFormat<IReadOnlyList<IPNetwork>> _networks = new("IP addresses or networks with commas between them, such as '10.0.0.0/8, 192.0.2.7'", TryNetworks);

    public static ApiSettings Read(SettingsNode node, IReadOnlyDictionary<string, WorkspaceSettings> workspaces)
    {
        var configured = new SettingFormat<string>(
            $"a configured workspace: {string.Join(", ", workspaces.Keys)}",
            (string text, [MaybeNullWhen(false)] out string value) => workspaces.ContainsKey(value = text));
        var closed = AnonymousSettings.Default;
        var settings = new ApiSettings(
            node.ReadOptional("DefaultWorkspace", configured) ?? (workspaces.Count == 1 ? workspaces.Keys.Single() : null),
            node.Read("MaxBodyBytes", SettingFormats.Whole(1_024, 33_554_432), 1_048_576))
        {
            Anonymous = new AnonymousSettings(
                (AnonymousPaths)(node.ReadOptional("AnonymousPaths", _anonymousPaths) ?? closed.Paths),
                node.Read("AnonymousMaxQueued", SettingFormats.Whole(16, 1_000_000), closed.MaxQueued),
                node.Read("AnonymousRate", SettingFormats.Rate, closed.Rate)),
            BodyTimeout = node.Read("BodyTimeout", SettingFormats.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), TimeSpan.FromSeconds(30)),
            MaxBufferedBytes = node.Read("MaxBufferedBytes", SettingFormats.SizeOf(64L << 20, "64MB"), 96L << 20),
            MaxConnections = node.Read("MaxConnections", SettingFormats.Whole(100, 100_000), 5_000),
            MaxConnectionsPerAddress = node.Read("MaxConnectionsPerAddress", SettingFormats.Whole(0, 100_000), 1_000),
            TrustedProxies = node.ReadOptional("TrustedProxies", _networks) ?? [],
        };
        node.RefuseTheRest();
        return settings;
    }

    private static bool TryPaths(string text, [MaybeNullWhen(false)] out object value)
    {
        var opened = AnonymousPaths.None;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var areKnown = parts.All(part => _paths.TryGetValue(part, out var path) && (opened |= path) >= 0);
        value = opened;
        return areKnown && (parts.Length == 1 || !parts.Any(part => bool.TryParse(part, out _)));
    }

    private static bool TryNetworks(string text, [MaybeNullWhen(false)] out IReadOnlyList<IPNetwork> value)
    {
        var networks = new List<IPNetwork>();
        value = networks;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
