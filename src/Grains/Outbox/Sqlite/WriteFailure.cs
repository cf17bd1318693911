namespace CioOrleans.Outbox.Sqlite;

/// <summary>Why writes were not made.</summary>
/// <param name="Reason">For the caller of the API, in one line.</param>
/// <param name="IsDiskFull">There is no room for them.</param>
internal sealed record WriteFailure(string Reason, bool IsDiskFull = false)
{
    /// <summary>The commit itself failed, so that the group may come back after a crash.</summary>
    public bool MayBeStored { get; init; }

    public static WriteFailure DiskFull { get; } = new("the outbox's disk is full", IsDiskFull: true);

    public static WriteFailure Closed { get; } = new("the outbox is closed");

    public static WriteFailure TooMuch { get; } = new("more calls come in than the disk can take");
}
