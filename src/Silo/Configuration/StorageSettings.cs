using CioOrleans.Postgres.Outbox;

namespace CioOrleans.Silo.Configuration;

/// <summary>Where accepted calls are kept.</summary>
/// <param name="Provider">Default: <see cref="StorageProvider.Sqlite"/>.</param>
/// <param name="ConnectionString">The provider's connection string (default for SQLite: <c>Data Source=data/cio.db</c>; PostgreSQL has no default). A
/// secret.</param>
/// <param name="Migrations">Default: <see cref="MigrationMode.Run"/>.</param>
public sealed record StorageSettings(StorageProvider Provider, string ConnectionString, MigrationMode Migrations = MigrationMode.Run)
{
    /// <summary>
    /// With SQLite: the disk space that is set aside, in bytes, so that deliveries can be stored after other programs have filled the disk; 0 for none.
    /// Default: null, which is 48 MiB, or three sixteenths of a disk below 256 MiB.
    /// </summary>
    public long? DiskReserve { get; init; }

    /// <summary>With PostgreSQL: the maximum number of a silo's connections that read. Default: 8.</summary>
    public int Readers { get; init; } = PostgresOutboxOptions.DefaultReaders;

    /// <summary>Without the connection string, which may hold a password.</summary>
    public override string ToString() => $"{nameof(StorageSettings)} {{ {nameof(Provider)} = {Provider} }}";
}

/// <summary>Where accepted calls are kept.</summary>
public enum StorageProvider
{
    /// <summary>A file beside the process; one process only.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database that all silos of a cluster share.</summary>
    Postgres,
}

/// <summary>What a process does with the database's schema when it starts. SQLite's schema is always brought up to date.</summary>
public enum MigrationMode
{
    /// <summary>Brings the schema up to date. Needs the right to create tables.</summary>
    Run,

    /// <summary>Only checks that the schema is up to date: see the <c>migrate</c> command of src/Silo.</summary>
    Check,
}
