namespace CioOrleans.Silo.Configuration;

/// <summary>Where accepted calls are kept.</summary>
public enum StorageProvider
{
    /// <summary>A file beside the process; one process only.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database that all silos of a cluster share.</summary>
    Postgres,
}
