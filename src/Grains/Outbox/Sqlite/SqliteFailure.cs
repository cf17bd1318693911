namespace CioOrleans.Outbox.Sqlite;

/// <summary>SQLite refused a statement: the disk is full, an I/O error, a lock held by somebody else.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception(message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code => code;

    /// <summary>For the caller of the API, in one line.</summary>
    public string Reason => (Code & 0xff) == SQLitePCL.raw.SQLITE_FULL
        ? "the outbox's disk is full"
        : $"the outbox cannot be written ({Message}, SQLite error {Code})";
}
