namespace CioOrleans.Limits;

/// <summary>What the headers of a response say about the rate limit; a part is null if the response has no usable value for it.</summary>
/// <param name="RetryAfter">From <c>Retry-After</c>, as a delay from the response's arrival.</param>
/// <param name="Remaining">From <c>X-RateLimit-Remaining</c>: requests left in the current window.</param>
/// <param name="ResetAt">From <c>X-RateLimit-Reset</c>: when the window ends.</param>
/// <param name="Ignored">The number of headers that were present but invalid.</param>
[GenerateSerializer, Immutable, Alias("cio.RateLimitSignal")]
public sealed record RateLimitSignal(
    [property: Id(0)] TimeSpan? RetryAfter,
    [property: Id(1)] int? Remaining,
    [property: Id(2)] DateTimeOffset? ResetAt,
    [property: Id(3)] int Ignored)
{
    /// <summary>A response without rate limit headers.</summary>
    public static RateLimitSignal None { get; } = new(null, null, null, 0);
}
