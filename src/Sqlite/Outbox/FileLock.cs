using System.Globalization;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// Keeps a second dispatcher, in this process or another, from using the outbox's file. The operating system releases the lock when the process dies in any
/// way. The lock is a file beside the database, so that the sqlite3 shell can open the database.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _pidPath;

    private FileLock(FileStream held, string pidPath)
    {
        _held = held;
        _pidPath = pidPath;
    }

    public static FileLock Take(string databasePath)
    {
        var pidPath = databasePath + ".pid";
        FileStream held;
        try
        {
            held = new FileStream(databasePath + ".lock", SqliteFile.Private(FileMode.OpenOrCreate));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new OutboxFileException(
                $"The outbox {databasePath} is in use by {Holder(pidPath)}: stop that process, or give this one another file in Dispatcher:Storage:ConnectionString.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutboxFileException($"The outbox {databasePath} cannot be locked: {e.Message}", e);
        }

        // Other processes cannot read the locked file, so the process id is in a file of its own.
        try
        {
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk. The number is only for people, and the lock holds without it.
        }

        return new FileLock(held, pidPath);
    }

    public void Dispose()
    {
        File.Delete(_pidPath);
        _held.Dispose();
    }

    private static string Holder(string pidPath)
    {
        try
        {
            var pid = File.ReadAllText(pidPath);
            return pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? $"this process ({pid})" : $"process {pid}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
