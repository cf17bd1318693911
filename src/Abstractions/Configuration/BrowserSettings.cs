using CioOrleans.Limits;

namespace CioOrleans.Configuration;

/// <summary>How a workspace takes calls of Customer.io's browser SDK.</summary>
/// <param name="WriteKey">The write key of the browser's source. It is public: every visitor of the site can read it.</param>
/// <param name="Origins">The origins of the sites that are served, such as <c>https://www.example.com</c>; <c>*</c> is any.</param>
public sealed record BrowserSettings(string WriteKey, IReadOnlyList<string> Origins)
{
    /// <summary>The value of <see cref="Origins"/> that matches every origin.</summary>
    public const string AnyOrigin = "*";

    /// <summary>The maximum rate of requests from one address (default: 20 a second).</summary>
    public RateLimit Rate { get; init; } = new(20, TimeSpan.FromSeconds(1));

    /// <summary>The maximum number of calls of browsers that wait; 64 to 1,000,000 (default: 10,000).</summary>
    public int MaxQueued { get; init; } = 10_000;

    /// <summary>Whether a page of this origin is served. A request without an origin is served only where all origins are.</summary>
    public bool Serves(string? origin) => Origins.Contains(AnyOrigin) || (origin is not null && Origins.Contains(origin, StringComparer.Ordinal));

    /// <summary>Without the key.</summary>
    public override string ToString() => string.Join(", ", Origins);
}
