using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// Rebuilds a file that an earlier version has made, so that from then on it gives free pages back to the disk. That takes twice its size, and
/// seconds for each gigabyte: at the start only where the file is small.
/// </summary>
internal static class FileRebuild
{
    private const long SmallBytes = 100 << 20;

    /// <summary>Rebuilds a small file, where that is needed and the disk has room.</summary>
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

    /// <summary>Rebuilds the file, whatever its size.</summary>
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
