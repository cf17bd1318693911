using CioOrleans.Calls;

namespace CioOrleans.Delivery;

/// <summary>Where a request goes. Percent-encoding is the SDK's: what Customer.io reads must be what the SDK wrote.</summary>
internal static class UpstreamUri
{
    private static readonly UriCreationOptions _asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="host">Scheme and authority count.</param>
    /// <param name="target">Path and query exactly as they stood in the request line.</param>
    /// <returns>Null where the target would lead to another host, or is no target.</returns>
    public static Uri? Of(Uri host, string target)
    {
        var authority = host.GetLeftPart(UriPartial.Authority);
        return CallRules.WhyBadTarget(target) is null
            && Uri.TryCreate(string.Concat(authority, target), _asWritten, out var uri)
            && uri.GetLeftPart(UriPartial.Authority) == authority
                ? uri
                : null;
    }
}
