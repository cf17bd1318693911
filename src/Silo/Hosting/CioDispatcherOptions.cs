namespace CioOrleans.Silo.Hosting;

/// <summary>What a service decides in code about the dispatcher in its silo. What it leaves out is read from the configuration section.</summary>
public sealed class CioDispatcherOptions
{
    private readonly Dictionary<string, string?> _storage = [];

    internal IEnumerable<KeyValuePair<string, string?>> Storage => _storage;

    /// <summary>
    /// Stores calls in PostgreSQL. Several silos share the work if they use Orleans' ADO.NET clustering on the same database; with any other clustering the
    /// dispatcher runs on one silo.
    /// </summary>
    /// <param name="connectionString">The connection string of the database, in Npgsql's format.</param>
    public CioDispatcherOptions UsePostgres(string connectionString) => Use("Postgres", connectionString);

    /// <summary>Stores calls in an SQLite file. The dispatcher runs on one silo.</summary>
    /// <param name="connectionString">Such as <c>Data Source=data/dispatcher.db</c>.</param>
    public CioDispatcherOptions UseSqlite(string connectionString) => Use("Sqlite", connectionString);

    private CioDispatcherOptions Use(string provider, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        (_storage["Provider"], _storage["ConnectionString"]) = (provider, connectionString);
        return this;
    }
}
