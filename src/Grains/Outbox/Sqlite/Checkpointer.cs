using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// Keeps the log short without making a group wait for it. The bulk is copied into the database on a connection of its own while
/// groups go on; then the writer copies the little that was added meanwhile, and so the next group can start the log anew.
/// </summary>
internal sealed class Checkpointer(SqliteFile file, ILogger logger)
{
    private const int LogPages = 4_096;

    private Task? _bulk;
    private int _pages;

    /// <summary>For the writer, between two transactions.</summary>
    public void AfterCommit(WriterSession session)
    {
        _pages += session.TakePagesWritten();
        if (_bulk is { IsCompleted: true })
        {
            _bulk = null;
            _pages = 0;
            Attempt(session.Checkpoint);
        }
        else if (_bulk is null && _pages >= LogPages)
        {
            _bulk = Task.Run(() => Attempt(CopyBulk));
        }
    }

    /// <summary>Waits for the connection of its own to be closed.</summary>
    public Task StopAsync() => _bulk ?? Task.CompletedTask;

    private void CopyBulk()
    {
        using var connection = file.Open();
        SqliteFile.Checkpoint(connection);
    }

    /// <summary>A log that cannot be copied now only grows: the commits in it are safe.</summary>
    private void Attempt(Action checkpoint)
    {
        try
        {
            checkpoint();
        }
#pragma warning disable CA1031 // Neither the writer nor anybody else depends on it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CheckpointFailed(logger, e.Message);
        }
    }
}
