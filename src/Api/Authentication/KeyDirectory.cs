using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>
/// Finds a workspace by a key that is both its name and its secret. The lookup uses the key's hash. Its duration depends on the hash only, which does not
/// help a caller to guess a key.
/// </summary>
internal sealed class KeyDirectory(IReadOnlyList<WorkspaceSettings> workspaces, Func<WorkspaceSettings, string?> keyOf)
{
    /// <summary>The longest key that is looked up, in characters. The settings allow 200.</summary>
    private const int MaxLength = 256;

    private readonly FrozenDictionary<UInt128, (WorkspaceSettings Workspace, byte[] Hash)> _byHash = workspaces
        .Where(w => keyOf(w) is not null)
        .Select(w => (Workspace: w, Hash: SHA256.HashData(Encoding.UTF8.GetBytes(keyOf(w)!))))
        .ToFrozenDictionary(pair => Start(pair.Hash));

    public bool TryFind(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace)
    {
        workspace = null;
        if (key.Length is 0 or > MaxLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
        if (_byHash.TryGetValue(Start(hash), out var found) && CryptographicOperations.FixedTimeEquals(found.Hash, hash))
        {
            workspace = found.Workspace;
        }

        return workspace is not null;
    }

    private static UInt128 Start(ReadOnlySpan<byte> hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
}
