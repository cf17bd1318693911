using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>
/// Finds workspaces by a key that is a secret and a name in one. It is looked up by its hash: how long that takes depends on the
/// hash, of which a caller who tries keys learns nothing that helps to find one.
/// </summary>
internal sealed class KeyDirectory(IReadOnlyList<WorkspaceSettings> workspaces, Func<WorkspaceSettings, string?> keyOf)
{
    /// <summary>No key that is longer is looked at; the settings allow 200 characters.</summary>
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
