namespace CioOrleans.Api;

/// <summary>What can be set about the front-end itself; section <c>Dispatcher</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>
    /// The largest request body, in bytes, after decoding; 100,000 to 16,777,216 (default: 524,288). Customer.io takes 100,000 bytes of
    /// event data, and 500 KB in one request at the most.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 512 * 1024;

    /// <summary>
    /// The workspace of calls that carry no credentials and need none (delivery metrics, unsubscribes), where several workspaces are
    /// configured (default: none, so that such calls are refused).
    /// </summary>
    public string? DefaultWorkspace { get; set; }
}
