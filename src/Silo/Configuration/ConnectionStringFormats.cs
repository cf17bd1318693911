using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CioOrleans.Silo.Configuration;

/// <summary>Formats of connection strings. A value is never shown: it may hold a password, and a malformed string may break in the middle of one.</summary>
internal static class ConnectionStringFormats
{
    private static readonly string[] _inMemory = [":memory:", "mode=memory"];

    public static SettingFormat<string> Sqlite { get; } =
        new("a SQLite connection string with a writable file, such as 'Data Source=data/cio.db'", TrySqlite, IsSecret: _ => true);

    public static SettingFormat<string> Postgres { get; } =
        new("a PostgreSQL connection string, such as 'Host=db;Database=cio;Username=cio;Password=…'", TryPostgres, IsSecret: _ => true);

    /// <summary>Refuses a database in memory or a read-only file, because no accepted call would survive.</summary>
    private static bool TrySqlite(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        try
        {
            var builder = new SqliteConnectionStringBuilder(text);
            return builder.DataSource.Length > 0
                && !_inMemory.Any(mark => builder.DataSource.Contains(mark, StringComparison.OrdinalIgnoreCase))
                && builder.Mode is SqliteOpenMode.ReadWriteCreate or SqliteOpenMode.ReadWrite;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static bool TryPostgres(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
