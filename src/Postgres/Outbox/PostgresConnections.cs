using System.Data.Common;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>Creates the connections to the database.</summary>
internal static class PostgresConnections
{
    /// <summary>
    /// Every statement must walk an index from a list of keys, whatever the statistics say about a table that was empty a minute ago. A plan that reads a whole
    /// table, cached while the table was small, would stay when it is large.
    /// </summary>
    private const string Planning =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>
    /// The maximum wait for a row's lock, in milliseconds. Only a transaction of a customer's twin locks the customer's row, and its silo may have been stopped
    /// while it was sending. One customer must not delay all others for long.
    /// </summary>
    private const string LockTimeout = "-c lock_timeout=500";

    /// <summary>The buffer holds most groups whole, so a process that is stopped while it sends leaves no half transaction on the server.</summary>
    private const int WriteBufferBytes = 1 << 20;

    /// <summary>Opens a new physical connection each time: a writer keeps it, and must not get a dead one from a pool.</summary>
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

    /// <summary>A pool for leases: small and with short time-outs, because an owner renews its lease twice a second.</summary>
    public static NpgsqlDataSource ForLeases(string connectionString) =>
        Create(connectionString, builder => builder.MaxPoolSize = 8, connectTimeout: 2, commandTimeout: 2);

    // The driver's defaults of 15 s and 30 s are longer than any caller waits.
    private static NpgsqlDataSource Create(
        string connectionString, Action<NpgsqlConnectionStringBuilder> configure, int connectTimeout = 3, int commandTimeout = 5)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = $"{Planning} {given.GetOrDefault("Options")}".TrimEnd(),
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,

            // A reset would cost a statement each time and drop prepared statements. The dispatcher changes no settings of a connection.
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
