using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// Rebuilds a file of an earlier version, so that it gives free pages back to the disk from then on. The rebuild needs twice the file's size and seconds for
/// each gigabyte, so at the start only a small file is rebuilt.
/// </summary>
internal static class FileRebuild
{
    private const long SmallBytes = 100 << 20;

    /// <summary>Rebuilds a small file if it needs it and the disk has room.</summary>
    public static void IfSmall(SqliteConnection connection, string path, ILogger logger)
    {
        var bytes = new FileInfo(path).Length;
        if (!GivesSpaceBack(connection) && bytes < SmallBytes && new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace > 4 * bytes)
        {
            Run(connection);
            var rebuilt = new FileInfo(path).Length;
            Log.Rebuilt(logger, path, bytes, rebuilt);
        }
    }

    /// <summary>Rebuilds a file of any size.</summary>
    public static void Run(SqliteConnection connection)
    {
        SqliteFile.Execute(connection, "pragma auto_vacuum = incremental; vacuum");
        SqliteFile.Checkpoint(connection);
    }

    private static bool GivesSpaceBack(SqliteConnection connection)
    {
        using var statement = new Statement(connection.Handle!, "pragma auto_vacuum");
        statement.Step();
        return statement.Int64(0) == SqliteFile.IncrementalVacuum;
    }
}
