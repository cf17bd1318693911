using System.Text;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>
/// The credentials that the sandbox requires. Basic credentials may be in base64 or URL-safe base64, padded or not, because SDKs send all of these.
/// </summary>
internal sealed class Credentials
{
    private readonly string _scheme = "Basic ";
    private readonly HashSet<string>? _accepted;

    /// <summary>Requires Basic credentials. Accepts any or no credentials if <paramref name="siteId"/> is null.</summary>
    public Credentials(string? siteId, string? apiKey)
    {
        if (siteId is not null)
        {
            var standard = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{siteId}:{apiKey}"));
            var urlSafe = standard.Replace('+', '-').Replace('/', '_');
            _accepted = [standard, standard.TrimEnd('='), urlSafe, urlSafe.TrimEnd('=')];
        }
    }

    private Credentials(string? bearerKey)
    {
        _scheme = "Bearer ";
        _accepted = bearerKey is null ? null : [bearerKey];
    }

    /// <summary>Requires a bearer key. Accepts any or no credentials if <paramref name="key"/> is null.</summary>
    public static Credentials Bearer(string? key) => new(key);

    public bool Accept(StringValues authorization) =>
        _accepted is null
        || (authorization.ToString() is var header
            && header.StartsWith(_scheme, StringComparison.OrdinalIgnoreCase)
            && _accepted.Contains(header[_scheme.Length..].Trim()));
}
