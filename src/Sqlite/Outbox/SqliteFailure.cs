namespace CioOrleans.Sqlite.Outbox;

/// <summary>An error of SQLite: the disk is full, an I/O error, a lock of another connection.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception(message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code => code;

    /// <summary>Whether the disk was full.</summary>
    public bool IsDiskFull => (Code & 0xff) == SQLitePCL.raw.SQLITE_FULL;

    /// <summary>The reason for the caller of the API, in one line.</summary>
    public string Reason => IsDiskFull
        ? WriteFailure.DiskFull.Reason
        : $"the outbox cannot be written ({Message}, SQLite error {Code})";
}
