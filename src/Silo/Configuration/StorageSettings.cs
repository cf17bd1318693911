namespace CioOrleans.Configuration;

/// <summary>Where accepted calls are kept.</summary>
/// <param name="Provider">Default: <see cref="StorageProvider.Sqlite"/>.</param>
/// <param name="ConnectionString">Of that provider (default for SQLite: <c>Data Source=data/cio.db</c>; PostgreSQL has none). A secret.</param>
/// <param name="Migrations">Default: <see cref="MigrationMode.Run"/>.</param>
public sealed record StorageSettings(StorageProvider Provider, string ConnectionString, MigrationMode Migrations = MigrationMode.Run)
{
    /// <summary>Without the connection string, which may hold a password.</summary>
    public override string ToString() => $"{nameof(StorageSettings)} {{ {nameof(Provider)} = {Provider} }}";
}
