namespace CioOrleans.RateLimiting;

/// <summary>
/// The tokens of one <see cref="RateLimit"/>. Every moment is on the caller's monotonic clock, and <c>now</c> never goes back.
/// Not thread-safe.
/// </summary>
public interface ITokenBucket
{
    /// <summary>Opens the bucket behind an unknown predecessor whose last request arrives before <paramref name="quietFrom"/>. Before this there are no tokens.</summary>
    void Start(TimeSpan quietFrom);

    /// <summary>Opens the bucket behind a predecessor that has handed over: its tokens come back at <paramref name="returnsAt"/>, all others are free.</summary>
    void Start(IReadOnlyList<TimeSpan> returnsAt);

    /// <summary>When the tokens come back that are on their way back, ascending; for a successor. Those of requests under way are not among them.</summary>
    IReadOnlyList<TimeSpan> Returning(TimeSpan now);

    /// <summary>Tokens that could be taken now.</summary>
    int Free(TimeSpan now);

    /// <summary>From when on a token can be taken: <paramref name="now"/> if at once, null if only a returned token can change that.</summary>
    TimeSpan? NextAt(TimeSpan now);

    /// <summary>Takes a token for a request that is sent now. Only when <see cref="NextAt"/> says now.</summary>
    void Take(TimeSpan now);

    /// <summary>The request of a token taken at <paramref name="takenAt"/> was written to the network only at <paramref name="sentAt"/>. Before its <see cref="Return"/>.</summary>
    void Sent(TimeSpan takenAt, TimeSpan sentAt);

    /// <summary>The request of a token taken at <paramref name="takenAt"/> has ended; its response came, or it was given up, at <paramref name="respondedAt"/>.</summary>
    void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now);

    /// <summary>Nothing was sent for a token taken at <paramref name="takenAt"/>: it is free again at once.</summary>
    void Refund(TimeSpan takenAt, TimeSpan now);
}
