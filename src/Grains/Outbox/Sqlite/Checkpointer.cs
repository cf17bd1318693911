using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// Keeps the log short without making a group wait for it. The bulk is copied into the database on a connection of its own while
/// groups go on; then the writer copies the little that was added meanwhile, and so the next group can start the log anew.
/// On a disk that is nearly full the writer copies all of it, early: there a long log is worse than a wait.
/// </summary>
internal sealed class Checkpointer(SqliteFile file, DiskRoom room, ILogger logger)
{
    /// <summary>So few pages the writer may copy itself.</summary>
    private const int FewPages = 256;

    /// <summary>Where groups write faster than the copying, the writer has to do the rest, however much it is.</summary>
    private const int MaxRounds = 5;

    private Task? _bulk;
    private long _pages;
    private int _rounds;

    /// <summary>Pages in the log since it was last started anew, as far as is known.</summary>
    public long LogPages { get; private set; }

    /// <summary>For the writer, between two transactions.</summary>
    public void AfterCommit(WriterSession session)
    {
        var written = session.TakePagesWritten();
        _pages += written;
        LogPages += written;
        if (room.IsTight)
        {
            if (LogPages * session.PageSize > room.LogBytes / 2)
            {
                Copy(session);
            }
        }
        else if (_bulk is null)
        {
            if (_pages >= room.LogBytes / session.PageSize)
            {
                _rounds = 0;
                StartBulk();
            }
        }
        else if (_bulk.IsCompleted)
        {
            if (_pages > FewPages && _rounds < MaxRounds)
            {
                StartBulk();
                return;
            }

            Copy(session);
        }
    }

    /// <summary>For the writer, between two transactions: copies all that is in the log.</summary>
    public void Copy(WriterSession session)
    {
        // Two cannot copy at once.
        _bulk?.Wait();
        _bulk = null;
        _pages = 0;
        Attempt(() => LogPages = session.Checkpoint());
    }

    /// <summary>Waits for the connection of its own to be closed.</summary>
    public Task StopAsync() => _bulk ?? Task.CompletedTask;

    private void StartBulk()
    {
        _pages = 0;
        _rounds++;
        _bulk = Task.Run(() => Attempt(CopyBulk));
    }

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
            try
            {
                checkpoint();
            }
            catch (SqliteFailure failure) when (failure.IsDiskFull && room.GiveUp())
            {
                checkpoint();
            }
        }
#pragma warning disable CA1031 // Neither the writer nor anybody else depends on it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CheckpointFailed(logger, e.Message);
        }
    }
}
