using System.Net;

namespace CioOrleans.Silo.Configuration;

/// <summary>How the front-end takes calls.</summary>
/// <param name="DefaultWorkspace">The workspace that receives calls without credentials, such as delivery metrics (default: the only workspace; null where there are several).</param>
/// <param name="MaxBodyBytes">The maximum size of a body in bytes; larger ones are refused with 413; 1,024 to 33,554,432 (default: 1,048,576).</param>
public sealed record ApiSettings(string? DefaultWorkspace, int MaxBodyBytes)
{
    /// <summary>Calls without credentials.</summary>
    public AnonymousSettings Anonymous { get; init; } = AnonymousSettings.Default;

    /// <summary>The time limit for reading a body; 1 s to 10 min (default: 30 s).</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum memory for the bodies of all requests together, in bytes; at least 64 MB (default: 96 MB).</summary>
    public long MaxBufferedBytes { get; init; } = 96L << 20;

    /// <summary>The maximum number of concurrent connections; 100 to 100,000 (default: 5,000).</summary>
    public int MaxConnections { get; init; } = 5_000;

    /// <summary>
    /// Connections of one address at a time, 0 to 100,000; 0 for no limit (default: 1,000). Loopback and <see cref="TrustedProxies"/> are not limited.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>Proxies whose <c>X-Forwarded-For</c> names the caller (default: none).</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}
