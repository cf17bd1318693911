namespace CioOrleans.Silo.Hosting;

/// <summary>What a service decides in code about the dispatcher in its silo. A setting given here has precedence over the configuration section.</summary>
public sealed class CioDispatcherOptions
{
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings by their keys below the section.</summary>
    internal IReadOnlyCollection<KeyValuePair<string, string?>> Settings => _settings;

    /// <summary>
    /// Stores calls in PostgreSQL. Several silos share the work if they use Orleans' ADO.NET clustering on the same database; with any other clustering the
    /// dispatcher runs on one silo.
    /// </summary>
    /// <param name="connectionString">The connection string of the database, in Npgsql's format.</param>
    public CioDispatcherOptions UsePostgres(string connectionString) => Use("Postgres", connectionString);

    /// <summary>Stores calls in an SQLite file. The dispatcher runs on one silo.</summary>
    /// <param name="connectionString">Such as <c>Data Source=data/dispatcher.db</c>.</param>
    public CioDispatcherOptions UseSqlite(string connectionString) => Use("Sqlite", connectionString);

    /// <summary>Adds a workspace. Its other settings are given by <see cref="Set"/> or in the section.</summary>
    /// <param name="name">The name by which <c>IDispatcher.Workspace</c> finds it.</param>
    /// <param name="siteId">The Site ID of its Track API credentials.</param>
    /// <param name="apiKey">The API Key of its Track API credentials.</param>
    public CioDispatcherOptions AddWorkspace(string name, string siteId, string apiKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Set($"Workspaces:{name}:SiteId", siteId).Set($"Workspaces:{name}:ApiKey", apiKey);
    }

    /// <summary>Gives any setting of docs/configuration.md.</summary>
    /// <param name="key">The key below the section, such as <c>Workspaces:acme:Region</c>.</param>
    /// <param name="value">The value as the configuration would have it.</param>
    public CioDispatcherOptions Set(string key, string? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        _settings[key] = value;
        return this;
    }

    private CioDispatcherOptions Use(string provider, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return Set("Storage:Provider", provider).Set("Storage:ConnectionString", connectionString);
    }
}
