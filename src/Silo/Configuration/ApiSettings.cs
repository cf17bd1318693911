using System.Net;

namespace CioOrleans.Configuration;

/// <summary>How the front-end takes calls.</summary>
/// <param name="DefaultWorkspace">The workspace that receives calls without credentials, such as delivery metrics (default: the only workspace; null where there are several).</param>
/// <param name="MaxBodyBytes">Larger bodies are refused with 413; 1,024 to 33,554,432 (default: 1,048,576).</param>
public sealed record ApiSettings(string? DefaultWorkspace, int MaxBodyBytes)
{
    /// <summary>Calls without credentials.</summary>
    public AnonymousSettings Anonymous { get; init; } = AnonymousSettings.Default;

    /// <summary>Proxies whose <c>X-Forwarded-For</c> names the caller (default: none).</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}
