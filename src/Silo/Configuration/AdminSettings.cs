using System.Net;

namespace CioOrleans.Configuration;

/// <summary>Where <c>/admin</c> and <c>/metrics</c> are served, and to whom.</summary>
/// <param name="Url">The listener of its own: http, an IP address or <c>localhost</c>, and a port (default: <c>http://127.0.0.1:5079</c>; port 0 takes any free one).</param>
/// <param name="Keys">The bearer keys; one of them is always required when there are any. Without one (default) only callers on the same machine are let in.</param>
public sealed record AdminSettings(Uri Url, IReadOnlyList<AdminKey> Keys)
{
    /// <summary>How long what operators did is kept; 1 h to 10 years (default: 90 days).</summary>
    public TimeSpan KeepAudit { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The name under which <c>Admin:ApiKey</c> acts.</summary>
    public const string ApiKeyName = "ApiKey";

    /// <summary>The default of <see cref="Url"/>.</summary>
    public static Uri DefaultUrl { get; } = new("http://127.0.0.1:5079");

    /// <summary>Whether only this machine can connect to <see cref="Url"/>.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(AdminSettings)} {{ {nameof(Url)} = {Url}, {nameof(Keys)} = {string.Join(", ", Keys)} }}";
}

/// <summary>A bearer key of the admin listener.</summary>
/// <param name="Name">Who uses it, as the audit trail says.</param>
/// <param name="Key">1 to 200 visible ASCII characters. A secret.</param>
/// <param name="Role">What it allows.</param>
public sealed record AdminKey(string Name, string Key, AdminRole Role)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Name} ({Role})";
}

/// <summary>What the holder of a key may do.</summary>
public enum AdminRole
{
    /// <summary>See everything, change nothing.</summary>
    Read,

    /// <summary>Everything.</summary>
    Operate,
}
