using System.Net;

namespace CioOrleans.Silo.Configuration;

/// <summary>The listener for <c>/admin</c> and <c>/metrics</c>, and who may call it.</summary>
/// <param name="Url">The listener's address: http, an IP address or <c>localhost</c>, and a port (default: <c>http://127.0.0.1:5079</c>; port 0 takes any free
/// port).</param>
/// <param name="Keys">The bearer keys. If there are any, every request needs one. Without keys (default) only callers on the same machine are let in.</param>
public sealed record AdminSettings(Uri Url, IReadOnlyList<AdminKey> Keys)
{
    /// <summary>How long the audit trail is kept; 1 h to 10 years (default: 90 days).</summary>
    public TimeSpan KeepAudit { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Whether <c>/console</c> is served by processes that have a console (default: true).</summary>
    public bool Console { get; init; } = true;

    /// <summary>Whether silos measure their grains for Orleans' own dashboard, and <c>/console/orleans</c> is served (default: false).</summary>
    public bool OrleansDashboard { get; init; }

    /// <summary>Whether callers of the role <see cref="AdminRole.Read"/> are told of no person: ids, e-mail addresses, bodies, reasons (default: false).</summary>
    public bool MaskPersonData { get; init; }

    /// <summary>The caller's name in the audit trail for <c>Admin:ApiKey</c>.</summary>
    public const string ApiKeyName = "ApiKey";

    /// <summary>The default of <see cref="Url"/>.</summary>
    public static Uri DefaultUrl { get; } = new("http://127.0.0.1:5079");

    /// <summary>Whether only this machine can connect to <see cref="Url"/>.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(AdminSettings)} {{ {nameof(Url)} = {Url}, {nameof(Keys)} = {string.Join(", ", Keys)} }}";
}

/// <summary>A bearer key of the admin listener.</summary>
/// <param name="Name">The caller's name in the audit trail.</param>
/// <param name="Key">1 to 200 visible ASCII characters. A secret.</param>
/// <param name="Role">What the key allows.</param>
public sealed record AdminKey(string Name, string Key, AdminRole Role)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Name} ({Role})";
}

/// <summary>What the holder of a key may do.</summary>
public enum AdminRole
{
    /// <summary>Read everything, change nothing.</summary>
    Read,

    /// <summary>Everything.</summary>
    Operate,
}
