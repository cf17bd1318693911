using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>What one attempt over HTTP came to.</summary>
public abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>The monotonic timestamp at which the request had ended; see <see cref="RequestEnd"/>.</summary>
    public required long EndedAt { get; init; }

    /// <summary>The monotonic timestamp at which the request was written; zero where it was not.</summary>
    public long SentAt { get; init; }

    /// <summary>A response came.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Signal">What its headers said about the limit.</param>
    /// <param name="Body">Its body as text, as far as it is kept: that of a batch whole, of others the first bytes.</param>
    public sealed record Response(int Status, RateLimitSignal Signal, string Body) : AttemptResult
    {
        private const int MaxErrorLength = 512;

        /// <summary>The content type; null where the response named none.</summary>
        public string? ContentType { get; init; }

        /// <summary>What an error's body begins with; null on success.</summary>
        public string? Error => IsSuccess ? null : Body.Length <= MaxErrorLength ? Body : Body[..MaxErrorLength];

        /// <summary>Whether a 2xx lists errors. Reads the body: it is asked where the response is one call's, and not of a batch.</summary>
        public bool BodyNamesErrors => IsSuccess && ErrorList.IsPresentIn(Body);

        private bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>No response.</summary>
    public sealed record NoResponse(FailureKind Kind, string Reason) : AttemptResult
    {
        /// <summary>Whether it ended with a time-out: of the connection's making, or of the attempt.</summary>
        public bool Hung { get; init; }
    }

    /// <summary>The request cannot be written, whatever the state of the network: nothing was sent, and a repeat would end alike.</summary>
    /// <param name="Reason">For people, without payload and credentials.</param>
    public sealed record Unsendable(string Reason) : AttemptResult;

    /// <summary>The permit had ended before the first byte was written; nothing was sent.</summary>
    public sealed record PermitExpired : AttemptResult;
}
