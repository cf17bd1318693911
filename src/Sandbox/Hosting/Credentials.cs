using System.Text;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>The Basic credentials to demand: in base64 or URL-safe base64, padded or not, as SDKs send them.</summary>
internal sealed class Credentials
{
    private const string Scheme = "Basic ";
    private readonly HashSet<string>? _accepted;

    /// <summary>Takes any credentials, and none, when <paramref name="siteId"/> is null.</summary>
    public Credentials(string? siteId, string? apiKey)
    {
        if (siteId is not null)
        {
            var standard = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{siteId}:{apiKey}"));
            var urlSafe = standard.Replace('+', '-').Replace('/', '_');
            _accepted = [standard, standard.TrimEnd('='), urlSafe, urlSafe.TrimEnd('=')];
        }
    }

    public bool Accept(StringValues authorization) =>
        _accepted is null
        || (authorization.ToString() is var header
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && _accepted.Contains(header[Scheme.Length..].Trim()));
}
