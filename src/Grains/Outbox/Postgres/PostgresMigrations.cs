using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>
/// Brings a database to this program's schema version: the outbox, the leases and Orleans' membership. May run in many
/// processes at once: an advisory lock lets them through one by one, and the later ones find nothing to do.
/// </summary>
public static class PostgresMigrations
{
    private const string Scripts = "CioOrleans.Outbox.Postgres.Migrations.";
    private const string Changelog = "schema_versions";

    /// <summary>"cio-orl" in ASCII: nobody else's. Held until the connection closes.</summary>
    private const long AdvisoryLock = 0x63696f2d6f726c;

    /// <summary>The highest version among the embedded scripts, <c>V1__name.sql</c>.</summary>
    public static int Newest { get; } = typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Scripts, StringComparison.Ordinal))
        .Max(name => int.Parse(name[(Scripts.Length + 1)..name.IndexOf("__", StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    /// <summary>Silos whose schema is older than this one cannot share a cluster with silos of this version.</summary>
    private const int OldestThatShares = 10;

    /// <summary>An owner renews its lease every second; one that renewed nothing for this long is gone or hangs.</summary>
    private static readonly TimeSpan _renewalPatience = TimeSpan.FromSeconds(3);

    /// <summary>Runs what is missing. Needs the right to create tables; the dispatcher itself does not.</summary>
    /// <exception cref="OutboxDatabaseException">
    /// The database cannot be reached, its schema is of a newer program, or silos of a version are active with which this one cannot share a cluster.
    /// </exception>
    public static void Run(string connectionString, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        using var connection = Open(connectionString);
        try
        {
            // The library has a lock of its own, and asks for it every few seconds; here nobody waits longer than it takes.
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

    /// <summary>While the schema is old, an owner that renews its lease is of an old version.</summary>
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

    /// <summary>Only looks whether the schema is the one that this program needs.</summary>
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
            // Before it was open, and after it was closed, a connection does not know its host.
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
