using CioOrleans.Calls;

namespace CioOrleans.Delivery;

/// <summary>The URI of a request. The SDK's percent-encoding is kept, so that Customer.io reads what the SDK wrote.</summary>
public static class UpstreamUri
{
    private static readonly UriCreationOptions _asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="host">Only its scheme and authority are used.</param>
    /// <param name="target">Path and query exactly as in the request line.</param>
    /// <returns>Null if the target leads to another host or is not valid.</returns>
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
