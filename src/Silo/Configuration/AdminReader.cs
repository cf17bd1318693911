namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Admin</c>.</summary>
internal static class AdminReader
{
    public static AdminSettings Read(SettingsNode node)
    {
        var keys = new List<AdminKey>();
        if (node.ReadOptional(AdminSettings.ApiKeyName, SettingFormats.Secret) is { } key)
        {
            keys.Add(new AdminKey(AdminSettings.ApiKeyName, key, AdminRole.Operate));
        }

        var settings = new AdminSettings(node.Read("Url", SettingFormats.Listener, AdminSettings.DefaultUrl), keys)
        {
            KeepAudit = node.Read("KeepAudit", SettingFormats.Duration(TimeSpan.FromHours(1), TimeSpan.FromHours(87_600)), TimeSpan.FromDays(90)),
            Console = node.Read("Console", SettingFormats.Flag, true),
            OrleansDashboard = node.Read("OrleansDashboard", SettingFormats.Flag, false),
            MaskPersonData = node.Read("MaskPersonData", SettingFormats.Flag, false),
        };
        ReadKeys(node.Section("Keys"), keys);
        node.RefuseTheRest();
        if (!settings.IsLoopback && keys.Count == 0 && node.Errors.Lines.Count == 0)
        {
            node.Errors.Missing(node.PathOf(AdminSettings.ApiKeyName), "a key here or in Keys, because Admin:Url is not a loopback address");
        }

        return settings;
    }

    private static void ReadKeys(SettingsNode node, List<AdminKey> keys)
    {
        foreach (var name in node.GivenNames.Order(StringComparer.Ordinal).ToList())
        {
            var section = node.Section(name);
            var key = section.Require("Key", SettingFormats.Secret, string.Empty);
            var role = section.Read("Role", SettingFormats.Choice(AdminRole.Read, AdminRole.Operate), AdminRole.Read);
            section.RefuseTheRest();
            if (!WorkspaceNames.IsValid(name) || string.Equals(name, AdminSettings.ApiKeyName, StringComparison.OrdinalIgnoreCase))
            {
                node.Errors.Add($"{node.PathOf(name)} is not a key's name: expected {WorkspaceNames.Expected}, and not {AdminSettings.ApiKeyName}.");
            }
            else if (key.Length > 0 && keys.Find(other => other.Key == key) is { } other)
            {
                node.Errors.WrongHidden(section.PathOf("Key"), $"another key than '{other.Name}' has");
            }
            else
            {
                keys.Add(new AdminKey(name, key, role));
            }
        }

        node.RefuseTheRest();
    }
}
