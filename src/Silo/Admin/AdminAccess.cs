using System.Security.Cryptography;
using System.Text;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Silo.Admin;

/// <summary>Who may call the admin listener: the holders of keys or, if no key is configured, callers on this machine.</summary>
public sealed class AdminAccess
{
    private readonly List<(AdminKey Key, byte[] Hash)> _keys;

    public AdminAccess(AdminSettings settings) => _keys = [.. settings.Keys.Select(key => (key, SHA256.HashData(Encoding.ASCII.GetBytes(key.Key))))];

    /// <summary>Whether a caller needs a key.</summary>
    public bool NeedsKey => _keys.Count > 0;

    /// <summary>The key with this text; null if there is none. Compares hashes of all keys, so that the time does not depend on a key's content, length or place.</summary>
    public AdminKey? FindKey(string text)
    {
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        AdminKey? found = null;
        foreach (var (key, hash) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(given, hash) ? key : found;
        }

        return found;
    }

    /// <summary>Whether the key is still valid with this role.</summary>
    public bool IsValid(string name, AdminRole role) => _keys.Any(entry => entry.Key.Name == name && entry.Key.Role == role);

    /// <summary>Whether a program on this machine sent the request: no proxy, and no name that a web page has resolved to this machine.</summary>
    public static bool IsFromThisMachine(HttpContext http) =>
        LocalCaller.IsLoopback(http.Connection.RemoteIpAddress)
        && LocalCaller.IsLoopbackHost(http.Request.Host.Host)
        && !LocalCaller.WasForwarded(http.Request.Headers);
}
