using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>What one attempt over HTTP came to.</summary>
public abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>The monotonic timestamp at which the response's headers arrived or the attempt was given up.</summary>
    public required long EndedAt { get; init; }

    /// <summary>The monotonic timestamp at which the request was written; zero where it was not.</summary>
    public long SentAt { get; init; }

    /// <summary>A response came.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Signal">What its headers said about the limit.</param>
    /// <param name="Error">The first bytes of an error's body as text; null on success.</param>
    /// <param name="BodyNamesErrors">Whether a 2xx listed errors.</param>
    public sealed record Response(int Status, RateLimitSignal Signal, string? Error, bool BodyNamesErrors) : AttemptResult;

    /// <summary>No response.</summary>
    public sealed record NoResponse(FailureKind Kind, string Reason) : AttemptResult;

    /// <summary>The permit had ended before the first byte was written; nothing was sent.</summary>
    public sealed record PermitExpired : AttemptResult;
}
