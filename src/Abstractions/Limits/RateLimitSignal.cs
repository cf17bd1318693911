namespace CioOrleans.Limits;

/// <summary>What the headers of a response said about the rate limit; every part is null where the response said nothing usable.</summary>
/// <param name="RetryAfter">From <c>Retry-After</c>, as a delay from the response's arrival.</param>
/// <param name="Remaining">From <c>X-RateLimit-Remaining</c>: requests left in the current window.</param>
/// <param name="ResetAt">From <c>X-RateLimit-Reset</c>: when the window ends.</param>
/// <param name="Ignored">How many headers were present but nonsense, and so were ignored.</param>
[GenerateSerializer, Immutable, Alias("cio.RateLimitSignal")]
public sealed record RateLimitSignal(
    [property: Id(0)] TimeSpan? RetryAfter,
    [property: Id(1)] int? Remaining,
    [property: Id(2)] DateTimeOffset? ResetAt,
    [property: Id(3)] int Ignored)
{
    /// <summary>A response that said nothing about limits.</summary>
    public static RateLimitSignal None { get; } = new(null, null, null, 0);
}
