using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// Keeps the log short without making a group wait. Most of the log is copied into the database on a connection of its own while groups go on. Then the writer
/// copies the few pages that were added meanwhile, so that the next group can restart the log. On a nearly full disk the writer copies the whole log early:
/// there a long log is worse than a wait.
/// </summary>
internal sealed class Checkpointer(SqliteFile file, DiskRoom room, ILogger logger)
{
    /// <summary>The maximum number of pages that the writer copies itself.</summary>
    private const int FewPages = 256;

    /// <summary>The number of copies after which the writer copies the rest, however long, because groups write faster than the copying.</summary>
    private const int MaxRounds = 5;

    private Task? _bulk;
    private long _pages;
    private int _rounds;

    /// <summary>Pages in the log since its last restart, as far as is known.</summary>
    public long LogPages { get; private set; }

    /// <summary>Called by the writer between two transactions.</summary>
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

    /// <summary>Called by the writer between two transactions: copies the whole log.</summary>
    public void Copy(WriterSession session)
    {
        // Two copies cannot run at once.
        _bulk?.Wait();
        _bulk = null;
        _pages = 0;
        Attempt(() => LogPages = session.Checkpoint());
    }

    /// <summary>Waits until the connection for copying is closed.</summary>
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

    /// <summary>If the log cannot be copied now, it only grows: its commits are safe.</summary>
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
