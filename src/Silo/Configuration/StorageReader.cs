using System.Globalization;
using CioOrleans.Postgres.Outbox;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Storage</c>.</summary>
internal static class StorageReader
{
    public static StorageSettings Read(SettingsNode node)
    {
        var provider = node.Read("Provider", SettingFormats.Choice(StorageProvider.Sqlite, StorageProvider.Postgres), StorageProvider.Sqlite);
        var connectionString = provider == StorageProvider.Sqlite
            ? node.Read("ConnectionString", ConnectionStringFormats.Sqlite, "Data Source=data/cio.db")
            : node.Require("ConnectionString", ConnectionStringFormats.Postgres, string.Empty);
        var migrations = node.Read("Migrations", SettingFormats.Choice(MigrationMode.Run, MigrationMode.Check), MigrationMode.Run);
        if (provider == StorageProvider.Sqlite && migrations == MigrationMode.Check)
        {
            node.Errors.Wrong(node.PathOf("Migrations"), migrations.ToString(), "Run with Sqlite, or Dispatcher:Storage:Provider = Postgres");
        }

        const long unset = -1;
        var reserve = node.Read("DiskReserve", SettingFormats.Size, unset);
        if (provider == StorageProvider.Postgres && reserve != unset)
        {
            node.Errors.Wrong(node.PathOf("DiskReserve"), reserve.ToString(CultureInfo.InvariantCulture), "no such setting with Postgres: its disk is another machine's");
        }

        var readers = node.Read("Readers", SettingFormats.Whole(1, 100), PostgresOutboxOptions.DefaultReaders);
        if (provider == StorageProvider.Sqlite && node.IsGiven("Readers"))
        {
            node.Errors.Wrong(node.PathOf("Readers"), readers.ToString(CultureInfo.InvariantCulture), "no such setting with Sqlite: a file needs no connections");
        }

        node.RefuseTheRest();
        return new StorageSettings(provider, connectionString, migrations) { DiskReserve = reserve == unset ? null : reserve, Readers = readers };
    }
}
