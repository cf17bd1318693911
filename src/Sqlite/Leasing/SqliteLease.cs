namespace CioOrleans.Sqlite.Leasing;

/// <summary>The newest lease of a workspace within this process.</summary>
/// <param name="Owner">Who took it.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="ExpiresAt">Its end, unless it is renewed.</param>
/// <param name="PredecessorsEndAt">The latest end among the earlier leases that were not given back.</param>
internal sealed record SqliteLease(string Owner, long Epoch, TimeSpan ExpiresAt, TimeSpan PredecessorsEndAt)
{
    public bool IsReleased { get; init; }

    public TimeSpan TakenAt { get; init; }

    /// <summary>When nobody who ever held a lease can be sending any more.</summary>
    public TimeSpan EveryoneEndsAt => IsReleased || PredecessorsEndAt > ExpiresAt ? PredecessorsEndAt : ExpiresAt;
}
