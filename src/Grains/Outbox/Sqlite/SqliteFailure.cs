namespace CioOrleans.Outbox.Sqlite;

/// <summary>SQLite refused a statement: the disk is full, an I/O error, a lock held by somebody else.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception(message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code => code;

    /// <summary>There was no room.</summary>
    public bool IsDiskFull => (Code & 0xff) == SQLitePCL.raw.SQLITE_FULL;

    /// <summary>For the caller of the API, in one line.</summary>
    public string Reason => IsDiskFull
        ? WriteFailure.DiskFull.Reason
        : $"the outbox cannot be written ({Message}, SQLite error {Code})";
}
