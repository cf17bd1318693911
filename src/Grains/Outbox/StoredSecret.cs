using System.Security.Cryptography;

namespace CioOrleans.Outbox;

/// <summary>Secrets that are made once and kept in the database, so that all silos on it have the same.</summary>
public static class StoredSecret
{
    /// <summary>Reads a secret, and makes it if there is none yet.</summary>
    /// <param name="store">The database.</param>
    /// <param name="name">The name of the secret in the table <c>secrets</c>.</param>
    /// <param name="bytes">The length of a new one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IOException">It cannot be stored.</exception>
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

        // Another silo may have been first.
        return await store.ReadSecretAsync(name, cancellation) ?? throw new IOException($"The secret '{name}' was stored and cannot be read.");
    }
}
