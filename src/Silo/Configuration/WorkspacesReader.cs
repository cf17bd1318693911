using CioOrleans.Configuration;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Workspaces</c>, and checks the workspaces against each other.</summary>
internal static class WorkspacesReader
{
    public static IReadOnlyDictionary<string, WorkspaceSettings> Read(IConfiguration configuration, SettingsNode node)
    {
        var workspaces = new SortedDictionary<string, WorkspaceSettings>(StringComparer.Ordinal);
        foreach (var name in node.GivenNames.ToList())
        {
            var section = node.Section(name);
            if (WorkspaceNames.IsValid(name))
            {
                workspaces.Add(name, WorkspaceReader.Read(name, section));
            }
            else
            {
                node.Errors.Add($"{node.PathOf(name)} is not a workspace's name: expected {WorkspaceNames.Expected}.");
            }
        }

        node.RefuseTheRest();
        RefuseTwoSpellings(configuration, node);
        RefuseSharedCredentials(workspaces.Values, node);
        return workspaces;
    }

    /// <summary>
    /// The configuration ignores case, and which source's spelling it uses is not defined. A queue's key is case-sensitive: under the other spelling its
    /// waiting calls would not be found.
    /// </summary>
    private static void RefuseTwoSpellings(IConfiguration configuration, SettingsNode node)
    {
        var spellings = configuration is IConfigurationRoot root
            ? root.Providers.SelectMany(provider => provider.GetChildKeys([], "Dispatcher:Workspaces")).Distinct(StringComparer.Ordinal)
            : [];
        foreach (var names in spellings.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            var sorted = names.Order(StringComparer.Ordinal).ToList();
            node.Errors.Add($"{node.PathOf(sorted[^1])} is also spelt {string.Join(", ", sorted[..^1])}: expected one spelling in all sources.");
        }
    }

    /// <summary>A caller is identified by the Site ID, the App API key, the service token with the workspace's number, or the Pipelines write key alone.</summary>
    private static void RefuseSharedCredentials(IEnumerable<WorkspaceSettings> workspaces, SettingsNode node)
    {
        var bySiteId = new Dictionary<string, string>(StringComparer.Ordinal);
        var byAppApiKey = new Dictionary<string, string>(StringComparer.Ordinal);
        var byToken = new Dictionary<(string, string?), string>();
        var byWriteKey = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var workspace in workspaces)
        {
            if (workspace.SiteId.Length > 0 && !bySiteId.TryAdd(workspace.SiteId, workspace.Name))
            {
                node.Errors.Wrong(node.PathOf(workspace.Name + ":SiteId"), workspace.SiteId, $"another Site ID than workspace '{bySiteId[workspace.SiteId]}' has");
            }

            if (workspace.AppApiKey is { } key && !byAppApiKey.TryAdd(key, workspace.Name))
            {
                node.Errors.WrongHidden(node.PathOf(workspace.Name + ":AppApiKey"), $"another key than workspace '{byAppApiKey[key]}' has");
            }

            if (workspace.ServiceToken is { } token && !byToken.TryAdd((token, workspace.WorkspaceId), workspace.Name))
            {
                node.Errors.WrongHidden(
                    node.PathOf(workspace.Name + ":ServiceToken"), $"another token or WorkspaceId than workspace '{byToken[(token, workspace.WorkspaceId)]}' has");
            }

            if (workspace.PipelinesWriteKey is { } writeKey && !byWriteKey.TryAdd(writeKey, workspace.Name))
            {
                node.Errors.WrongHidden(node.PathOf(workspace.Name + ":PipelinesWriteKey"), $"another key than workspace '{byWriteKey[writeKey]}' has");
            }

            if (workspace.Browser is { WriteKey: var browserKey } && !byWriteKey.TryAdd(browserKey, workspace.Name))
            {
                node.Errors.WrongHidden(
                    node.PathOf(workspace.Name + ":Pipelines:Browser:WriteKey"), $"a key that is no other write key of workspace '{byWriteKey[browserKey]}', because pages make it public");
            }
        }
    }
}
