namespace CioOrleans.Configuration;

/// <summary>Reads <c>Storage</c>.</summary>
internal static class StorageReader
{
    public static StorageSettings Read(SettingsNode node, IReadOnlyList<StorageProvider> available)
    {
        var provider = node.Read("Provider", SettingFormats.Choice(StorageProvider.Sqlite, StorageProvider.Postgres), StorageProvider.Sqlite);
        if (!available.Contains(provider))
        {
            node.Errors.Wrong(node.PathOf("Provider"), provider.ToString(), $"{string.Join(" or ", available)}; this version has no other");
        }

        var connectionString = provider == StorageProvider.Sqlite
            ? node.Read("ConnectionString", ConnectionStringFormats.Sqlite, "Data Source=data/cio.db")
            : node.Require("ConnectionString", ConnectionStringFormats.Postgres, string.Empty);
        var migrations = node.Read("Migrations", SettingFormats.Choice(MigrationMode.Run, MigrationMode.Check), MigrationMode.Run);
        node.RefuseTheRest();
        return new StorageSettings(provider, connectionString, migrations);
    }
}
