using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Opens connections to the outbox's file.</summary>
internal sealed class SqliteFile
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE: the number of pages that a connection has written.</summary>
    public const int CacheWrites = 9;

    /// <summary>The value of <c>pragma auto_vacuum</c> for a file that gives free pages back on request.</summary>
    public const int IncrementalVacuum = 2;

    private const UnixFileMode _ownersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _connectionString;

    public SqliteFile(string connectionString)
    {
        // Pooled connections would outlive their owner and hold the file.
        var builder = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        Path = System.IO.Path.GetFullPath(builder.DataSource);
        builder.DataSource = Path;
        _connectionString = builder.ToString();
    }

    public string Path { get; }

    /// <summary>The maximum number of pages of the database; null for no maximum. Tests use it to fill the database.</summary>
    public int? MaxPages { get; init; }

    /// <summary>The length of the reserve on the disk, in bytes; 0 for none, null for a length that suits the disk.</summary>
    public long? Reserve { get; init; }

    /// <summary>Opens a connection with a write-ahead log. Every commit is on stable storage before it returns.</summary>
    /// <param name="cacheKilobytes">
    /// The connection's own page cache, in KB. A large one is worth its memory only for the writer: every commit of another connection empties it, and the
    /// system caches the file's pages anyway.
    /// </param>
    public SqliteConnection Open(int cacheKilobytes = 1_024)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Check(connection, raw.sqlite3_busy_timeout(connection.Handle, 5_000));
            Execute(connection, $"pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -{cacheKilobytes}");
            if (MaxPages is { } pages)
            {
                Execute(connection, $"pragma max_page_count = {pages}");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Lets only the owner access the outbox's files. Files that SQLite adds later get the mode of the database's file.</summary>
    public void MakePrivate()
    {
        if (!File.Exists(Path))
        {
            new FileStream(Path, Private(FileMode.CreateNew)).Dispose();
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (var suffix in new[] { "", "-wal", "-shm", "-reserve", ".lock", ".pid" })
            {
                if (File.Exists(Path + suffix))
                {
                    File.SetUnixFileMode(Path + suffix, _ownersAlone);
                }
            }
        }
    }

    /// <summary>Options for a file that only its owner may access.</summary>
    public static FileStreamOptions Private(FileMode mode, long preallocated = 0)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, PreallocationSize = preallocated };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = _ownersAlone;
        }

        return options;
    }

    public static void Execute(SqliteConnection connection, string sql) =>
        Check(connection, raw.sqlite3_exec(connection.Handle, sql));

    /// <summary>Copies the log into the database as far as possible without waiting for another connection.</summary>
    /// <returns>Pages in the log; 0 if all of them are in the database, so that the next commit restarts the log.</returns>
    public static long Checkpoint(SqliteConnection connection)
    {
        Check(connection, raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var logged, out var copied));
        return logged == copied ? 0 : logged;
    }

    private static void Check(SqliteConnection connection, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(connection.Handle).utf8_to_string());
        }
    }
}
