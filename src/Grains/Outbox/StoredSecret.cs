using System.Security.Cryptography;

namespace CioOrleans.Grains.Outbox;

/// <summary>Secrets that are created once and stored in the database, so that all silos on it share them.</summary>
public static class StoredSecret
{
    /// <summary>Reads a secret, and creates it if there is none yet.</summary>
    /// <param name="store">The database.</param>
    /// <param name="name">The name of the secret in the table <c>secrets</c>.</param>
    /// <param name="bytes">The length of a new secret, in bytes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IOException">The secret cannot be stored.</exception>
    public static async Task<byte[]> ReadOrMakeAsync(IWorkspaceStateStore store, string name, int bytes, CancellationToken cancellation)
    {
        if (await store.ReadSecretAsync(name, cancellation) is { } stored)
        {
            return stored;
        }

        if (await store.AddSecretAsync(name, RandomNumberGenerator.GetBytes(bytes)) is WriteResult.Unavailable(var reason))
        {
            throw new IOException($"The secret '{name}' could not be stored: {reason}");
        }

        // Another silo may have stored the secret first.
        return await store.ReadSecretAsync(name, cancellation) ?? throw new IOException($"The secret '{name}' was stored and cannot be read.");
    }
}
