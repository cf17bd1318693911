namespace CioOrleans.Delivery;

/// <summary>Where a request goes. Percent-encoding is the SDK's: what Customer.io reads must be what the SDK wrote.</summary>
internal static class UpstreamUri
{
    private static readonly UriCreationOptions _asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="host">Scheme and authority count.</param>
    /// <param name="target">Path and query exactly as they stood in the request line.</param>
    public static Uri Of(Uri host, string target) => new(string.Concat(host.GetLeftPart(UriPartial.Authority), target), _asWritten);
}
