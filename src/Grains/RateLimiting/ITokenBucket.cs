using CioOrleans.Limits;

namespace CioOrleans.Grains.RateLimiting;

/// <summary>
/// The tokens of one <see cref="RateLimit"/>. Every moment is on the caller's monotonic clock, and <c>now</c> never goes back.
/// Not thread-safe.
/// </summary>
public interface ITokenBucket
{
    /// <summary>
    /// Starts the bucket after a predecessor whose last request may arrive up to <paramref name="quietFrom"/>. The bucket has no tokens until one window after
    /// that.
    /// </summary>
    void Start(TimeSpan quietFrom);

    /// <summary>Starts the bucket after a hand-over: the predecessor's taken tokens return at <paramref name="returnsAt"/>, all others are free.</summary>
    void Start(IReadOnlyList<TimeSpan> returnsAt);

    /// <summary>When the tokens of ended requests return, ascending; for a successor. Tokens of requests in flight are not included.</summary>
    IReadOnlyList<TimeSpan> Returning(TimeSpan now);

    /// <summary>The number of tokens that can be taken now.</summary>
    int Free(TimeSpan now);

    /// <summary>When a token can be taken: <paramref name="now"/> if at once, null if that depends on the end of a request.</summary>
    TimeSpan? NextAt(TimeSpan now);

    /// <summary>Takes a token for a request that is sent now. Allowed only if <see cref="NextAt"/> returns <paramref name="now"/>.</summary>
    void Take(TimeSpan now);

    /// <summary>
    /// The request of a token taken at <paramref name="takenAt"/> was written to the network later, at <paramref name="sentAt"/>. Called before its
    /// <see cref="Return"/>.
    /// </summary>
    void Sent(TimeSpan takenAt, TimeSpan sentAt);

    /// <summary>The request of a token taken at <paramref name="takenAt"/> ended at <paramref name="respondedAt"/>, with or without a response.</summary>
    void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now);

    /// <summary>Nothing was sent for a token taken at <paramref name="takenAt"/>; the token is free at once.</summary>
    void Refund(TimeSpan takenAt, TimeSpan now);
}
