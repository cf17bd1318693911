using System.Globalization;
using System.Net.Http.Headers;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>
/// Reads the rate limit headers of a response. Customer.io documents none of them, so nothing depends on them, and invalid values are ignored and counted.
/// </summary>
public static class RateLimitHeaders
{
    /// <summary>The longest pause from a header: a longer <c>Retry-After</c> is cut to this, a later <c>X-RateLimit-Reset</c> is invalid.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads the headers of a response that has just arrived.</summary>
    public static RateLimitSignal Parse(HttpResponseHeaders headers, DateTimeOffset utcNow) =>
        Parse(First(headers, "Retry-After"), First(headers, "X-RateLimit-Remaining"), First(headers, "X-RateLimit-Reset"), utcNow);

    /// <summary>Reads the values of the three headers; null means that the header is absent.</summary>
    /// <param name="retryAfter">Whole seconds, or an HTTP date in the future (RFC 9110, 10.2.3).</param>
    /// <param name="remaining">A number of requests, 0 or more.</param>
    /// <param name="reset">Epoch seconds, within an hour from now to either side.</param>
    /// <param name="utcNow">When the response arrived.</param>
    public static RateLimitSignal Parse(string? retryAfter, string? remaining, string? reset, DateTimeOffset utcNow)
    {
        if (retryAfter is null && remaining is null && reset is null)
        {
            return RateLimitSignal.None;
        }

        var delay = ReadRetryAfter(retryAfter, utcNow);
        var left = ReadRemaining(remaining);
        var resetAt = ReadReset(reset, utcNow);
        var ignored = Nonsense(retryAfter, delay is null) + Nonsense(remaining, left is null) + Nonsense(reset, resetAt is null);
        return new RateLimitSignal(delay, left, resetAt, ignored);
    }

    private static TimeSpan? ReadRetryAfter(string? value, DateTimeOffset utcNow)
    {
        if (!RetryConditionHeaderValue.TryParse(value, out var parsed))
        {
            return null;
        }

        var delay = parsed.Delta ?? parsed.Date!.Value - utcNow;
        return delay < TimeSpan.Zero ? null
            : delay > Longest ? Longest
            : delay;
    }

    private static int? ReadRemaining(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? left : null;

    private static DateTimeOffset? ReadReset(string? value, DateTimeOffset utcNow)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(seconds - utcNow.ToUnixTimeSeconds()) > (long)Longest.TotalSeconds)
        {
            return null;
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    private static int Nonsense(string? value, bool unread) => value is not null && unread ? 1 : 0;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;
}
