using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>Which paths are served without credentials, as Customer.io serves them, and the limits of these calls.</summary>
/// <param name="Paths">The paths that are served without credentials (default: none).</param>
/// <param name="MaxQueued">The maximum number of waiting calls without credentials in one workspace; 16 to 1,000,000 (default: 10,000).</param>
/// <param name="Rate">The maximum rate of requests from one address (default: 20 a second).</param>
public sealed record AnonymousSettings(AnonymousPaths Paths, int MaxQueued, RateLimit Rate)
{
    public static AnonymousSettings Default { get; } = new(AnonymousPaths.None, 10_000, new RateLimit(20, TimeSpan.FromSeconds(1)));
}

/// <summary>The paths of the Track API that Customer.io serves without credentials.</summary>
[Flags]
public enum AnonymousPaths
{
    None = 0,

    /// <summary><c>/api/v1/metrics</c>.</summary>
    Metrics = 1,

    /// <summary><c>/api/v1/push/events</c> and <c>/push/events</c>.</summary>
    PushEvents = 2,

    /// <summary><c>/unsubscribe/{delivery}</c>.</summary>
    Unsubscribe = 4,

    All = Metrics | PushEvents | Unsubscribe,
}
