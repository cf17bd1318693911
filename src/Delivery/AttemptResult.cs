using CioOrleans.Attempts;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>The result of one HTTP attempt.</summary>
public abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>The monotonic timestamp at which the request had ended; see <see cref="RequestEnd"/>.</summary>
    public required long EndedAt { get; init; }

    /// <summary>The monotonic timestamp at which the request was written; zero if it was not written.</summary>
    public long SentAt { get; init; }

    /// <summary>The monotonic timestamp at which the first byte was written, whether or not a response came; zero if none was.</summary>
    public long WrittenAt { get; init; }

    /// <summary>A response came.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Signal">The rate limit headers.</param>
    /// <param name="Body">The body as text: the whole body of a batch's response, the first bytes of others.</param>
    public sealed record Response(int Status, RateLimitSignal Signal, string Body) : AttemptResult
    {
        private const int MaxErrorLength = 512;

        /// <summary>The content type; null if the response has none.</summary>
        public string? ContentType { get; init; }

        /// <summary>The whole response, for the caller of a forwarded send; null for a stored call.</summary>
        public WholeResponse? Whole { get; init; }

        /// <summary>The beginning of an error's body; null on success.</summary>
        public string? Error => IsSuccess ? null : Body.Length <= MaxErrorLength ? Body : Body[..MaxErrorLength];

        /// <summary>Whether a 2xx lists errors. Parses the body. Used for the response to a single call, not for a batch.</summary>
        public bool BodyNamesErrors => IsSuccess && ErrorList.IsPresentIn(Body);

        private bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>No response.</summary>
    public sealed record NoResponse(FailureKind Kind, string Reason) : AttemptResult
    {
        /// <summary>Whether it ended with a time-out of the connection or of the attempt.</summary>
        public bool Hung { get; init; }
    }

    /// <summary>The request can never be written, in any state of the network. Nothing was sent, and a repeat would end the same way.</summary>
    /// <param name="Reason">The reason for operators, without payload and credentials.</param>
    public sealed record Unsendable(string Reason) : AttemptResult;

    /// <summary>The permit had ended before the first byte was written; nothing was sent.</summary>
    public sealed record PermitExpired : AttemptResult;
}

/// <summary>A response that is passed on to the caller.</summary>
/// <param name="Headers">Its headers, without those of the connection.</param>
/// <param name="Body">Its body.</param>
public sealed record WholeResponse(IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[] Body);
