namespace CioOrleans.Sqlite.Outbox;

/// <summary>The log and the free pages of the file.</summary>
internal sealed partial class WriterSession
{
    /// <summary>Copies the log into the database as far as possible without waiting for another connection.</summary>
    /// <returns>Pages that are only in the log; 0 if all of it was copied.</returns>
    public long Checkpoint() => SqliteFile.Checkpoint(_connection);

    /// <summary>The size of a page, in bytes.</summary>
    public long PageSize { get; }

    /// <summary>The database's length in pages, including pages that are only in the log.</summary>
    public long PageCount => _pageCount.Number()!.Value;

    /// <summary>The number of free pages of the database.</summary>
    public long FreePages => _freePages.Number()!.Value;

    /// <summary>Whether free pages at the end of the file can be given back.</summary>
    public bool GivesSpaceBack { get; }

    /// <summary>Gives up to <paramref name="pages"/> free pages back to the disk, in a transaction of its own.</summary>
    public void GiveSpaceBack(int pages)
    {
        Begin();
        SqliteFile.Execute(_connection, $"pragma incremental_vacuum({pages})");
        Commit();
    }

    /// <summary>The number of pages that this session has written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = SQLitePCL.raw.sqlite3_db_status(Handle, SqliteFile.CacheWrites, out var pages, out _, 1);
        return pages;
    }
}
