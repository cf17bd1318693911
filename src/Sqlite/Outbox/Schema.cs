using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Brings the file to this program's schema version.</summary>
internal static class Schema
{
    private const string Scripts = "CioOrleans.Outbox.Sqlite.Migrations.";
    private const string Changelog = "schema_versions";

    /// <summary>The highest version among the embedded scripts, <c>V1__name.sql</c>.</summary>
    public static int Newest { get; } = typeof(Schema).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Scripts, StringComparison.Ordinal))
        .Max(name => int.Parse(name[(Scripts.Length + 1)..name.IndexOf("__", StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    public static void Migrate(SqliteConnection connection, ILogger logger)
    {
        var stored = StoredVersion(connection);
        if (stored > Newest)
        {
            throw new OutboxFileException(
                $"The outbox {connection.DataSource} has schema version {stored}, and this program knows {Newest} at most: start a newer version of the program.");
        }

        if (stored == Newest)
        {
            return;
        }

        new EvolveDb.Evolve(connection, message => Log.Migration(logger, message))
        {
            EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
            EmbeddedResourceFilters = [Scripts],
            MetadataTableName = Changelog,
            IsEraseDisabled = true,
        }.Migrate();
    }

    private static int StoredVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from sqlite_schema where name = '{Changelog}'";
        if ((long)command.ExecuteScalar()! == 0)
        {
            return 0;
        }

        command.CommandText = $"select coalesce(max(cast(version as integer)), 0) from {Changelog} where success = 1";
        return (int)(long)command.ExecuteScalar()!;
    }
}
