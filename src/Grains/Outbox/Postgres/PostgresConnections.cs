using System.Data.Common;
using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>How the dispatcher connects.</summary>
internal static class PostgresConnections
{
    /// <summary>
    /// Every statement is meant to walk an index from a list of keys, whatever the statistics of a table say that was empty a
    /// minute ago: a plan that reads a table whole, cached while it was small, would stay when it is large.
    /// </summary>
    private const string Planning =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>
    /// Only a transaction of a customer's twin holds its row, and that may be a silo that was stopped in the midst of sending:
    /// one customer must not hold up all others for long. (In milliseconds.)
    /// </summary>
    private const string LockTimeout = "-c lock_timeout=500";

    /// <summary>Most groups leave in one piece: a process that is stopped while it sends leaves no half of a transaction behind.</summary>
    private const int WriteBufferBytes = 1 << 20;

    /// <summary>Opens a physical connection each time: a writer keeps it, and must not be handed one that died in a pool.</summary>
    public static NpgsqlDataSource ForWriters(string connectionString) =>
        Create(connectionString, builder =>
        {
            builder.Pooling = false;
            builder.WriteBufferSize = WriteBufferBytes;
            builder.Options = $"{LockTimeout} {builder.Options}";
        });

    /// <summary>A pool for reads.</summary>
    public static NpgsqlDataSource ForReaders(string connectionString, int poolSize) =>
        Create(connectionString, builder => builder.MaxPoolSize = poolSize);

    /// <summary>A pool for leases: small, and quick to give up, since a lease is renewed every second.</summary>
    public static NpgsqlDataSource ForLeases(string connectionString) =>
        Create(connectionString, builder => builder.MaxPoolSize = 8, connectTimeout: 2, commandTimeout: 2);

    // The driver's own 15 s and 30 s are longer than any caller waits.
    private static NpgsqlDataSource Create(
        string connectionString, Action<NpgsqlConnectionStringBuilder> configure, int connectTimeout = 3, int commandTimeout = 5)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = $"{Planning} {given.GetOrDefault("Options")}".TrimEnd(),
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,

            // A reset would cost a statement each time and forget the prepared ones; nobody changes a setting here.
            NoResetOnClose = true,
        };

        if (!given.ContainsKey("Timeout"))
        {
            builder.Timeout = connectTimeout;
        }

        if (!given.ContainsKey("Command Timeout") && !given.ContainsKey("CommandTimeout"))
        {
            builder.CommandTimeout = commandTimeout;
        }

        if (string.IsNullOrEmpty(builder.ApplicationName))
        {
            builder.ApplicationName = "cio-dispatcher";
        }

        configure(builder);
        return new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }

    private static string? GetOrDefault(this DbConnectionStringBuilder builder, string key) =>
        builder.TryGetValue(key, out var value) ? value.ToString() : null;
}
