namespace CioOrleans.Sqlite.Outbox;

/// <summary>Why writes were not stored.</summary>
/// <param name="Reason">The reason for the caller of the API, in one line.</param>
/// <param name="IsDiskFull">Whether the disk has no room for them.</param>
internal sealed record WriteFailure(string Reason, bool IsDiskFull = false)
{
    /// <summary>Whether the commit itself failed, so that a crash may restore the group.</summary>
    public bool MayBeStored { get; init; }

    public static WriteFailure DiskFull { get; } = new("the outbox's disk is full", IsDiskFull: true);

    public static WriteFailure Closed { get; } = new("the outbox is closed");

    public static WriteFailure TooMuch { get; } = new("more calls come in than the disk can take");
}
