using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// Brings a database to this program's schema version: the outbox, the leases and Orleans' membership. Many processes may run it at once. An advisory lock
/// admits them one by one, and the later ones find nothing to do.
/// </summary>
public static class PostgresMigrations
{
    private const string Scripts = "CioOrleans.Outbox.Postgres.Migrations.";
    private const string Changelog = "schema_versions";

    /// <summary>"cio-orl" in ASCII, so that no other program uses it. Held until the connection closes.</summary>
    private const long AdvisoryLock = 0x63696f2d6f726c;

    /// <summary>The highest version among the embedded scripts, <c>V1__name.sql</c>.</summary>
    public static int Newest { get; } = typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Scripts, StringComparison.Ordinal))
        .Max(name => int.Parse(name[(Scripts.Length + 1)..name.IndexOf("__", StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    /// <summary>Silos whose schema is older than this one cannot share a cluster with silos of this version.</summary>
    private const int OldestThatShares = 10;

    /// <summary>An owner renews its lease at least once a second. One that has not renewed for this time is gone or hangs.</summary>
    private static readonly TimeSpan _renewalPatience = TimeSpan.FromSeconds(3);

    /// <summary>Runs the missing migrations. Needs the right to create tables, which the dispatcher itself does not need.</summary>
    /// <exception cref="OutboxDatabaseException">
    /// The database cannot be reached, its schema belongs to a newer program, or silos of a version are active that cannot share a cluster with this one.
    /// </exception>
    public static void Run(string connectionString, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        using var connection = Open(connectionString);
        try
        {
            // The library polls a lock of its own every few seconds. A process that waits here goes on as soon as it can.
            using (var take = new NpgsqlCommand($"select pg_advisory_lock({AdvisoryLock})", connection) { CommandTimeout = 0 })
            {
                take.ExecuteNonQuery();
            }

            if (StoredVersion(connection) is var stored && stored >= Newest)
            {
                Check(stored);
                return;
            }

            RefuseOlderSilos(connection, stored);
            new EvolveDb.Evolve(connection, message => Log.Migration(logger, message))
            {
                EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
                EmbeddedResourceFilters = [Scripts],
                MetadataTableName = Changelog,
                IsEraseDisabled = true,
            }.Migrate();
        }
        catch (Exception e) when (e is EvolveDb.EvolveException or NpgsqlException)
        {
            throw new OutboxDatabaseException($"The schema of {Name(connection)} could not be brought up to date: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>
    /// Refuses to migrate while silos of an older version are active. While the schema is old, an owner that renews its lease has an old version.
    /// </summary>
    private static void RefuseOlderSilos(NpgsqlConnection connection, int stored)
    {
        if (stored is 0 or >= OldestThatShares || ReadLeases(connection) is not { Count: > 0 } before)
        {
            return;
        }

        using (var wait = new NpgsqlCommand("select pg_sleep($1)", connection))
        {
            wait.Parameters.Add(new NpgsqlParameter<double> { TypedValue = _renewalPatience.TotalSeconds });
            wait.ExecuteNonQuery();
        }

        foreach (var (workspace, expiresAt) in ReadLeases(connection))
        {
            if (before.TryGetValue(workspace, out var earlier) && expiresAt > earlier)
            {
                throw new OutboxDatabaseException(
                    $"Silos of an older version are active in {Name(connection)} (the lease of workspace '{workspace}' is renewed), and cannot share a cluster with this version: stop all processes of the older version first.");
            }
        }
    }

    private static Dictionary<string, DateTime> ReadLeases(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("select workspace, expires_at from leases where owner <> '' and expires_at > clock_timestamp()", connection);
        using var rows = command.ExecuteReader();
        var leases = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        while (rows.Read())
        {
            leases.Add(rows.GetString(0), rows.GetDateTime(1));
        }

        return leases;
    }

    /// <summary>Checks that the schema is the one that this program needs. Changes nothing.</summary>
    /// <exception cref="OutboxDatabaseException">The database cannot be reached, or its schema is older or newer.</exception>
    public static void Check(string connectionString)
    {
        using var connection = Open(connectionString);
        Check(StoredVersion(connection));
    }

    private static void Check(int stored)
    {
        if (stored < Newest)
        {
            throw new OutboxDatabaseException(
                $"The outbox's database has schema version {stored}, and this program needs {Newest}: run the migrations first.");
        }

        if (stored > Newest)
        {
            throw new OutboxDatabaseException(
                $"The outbox's database has schema version {stored}, and this program knows {Newest} at most: start a newer version of the program.");
        }
    }

    private static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (NpgsqlException e)
        {
            // A connection knows its host only while it is open.
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            connection.Dispose();
            throw new OutboxDatabaseException($"The outbox's database {parts.Database} at {parts.Host}:{parts.Port} cannot be reached: {e.Message}", e);
        }
    }

    private static string Name(NpgsqlConnection connection) => $"{connection.Database} at {connection.Host}:{connection.Port}";

    private static int StoredVersion(NpgsqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select to_regclass('{Changelog}') is not null";
        if (!(bool)command.ExecuteScalar()!)
        {
            return 0;
        }

        command.CommandText = $"select coalesce(max(version::integer), 0) from {Changelog} where success";
        return (int)command.ExecuteScalar()!;
    }
}
