using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CioOrleans.Customers;
using CioOrleans.Imports;

namespace CioOrleans.Addressing;

/// <summary>
/// The keys of grains whose names are chosen by callers: <c>workspace/tag/name</c>. Orleans hashes grain keys without a seed, so a caller could choose names
/// that all have one hash. The tag is 64 bits of an HMAC-SHA256 over workspace and name, and differs for every name. The secret is created once and stored in
/// the database; silos return it to clients. Safe for use from all threads.
/// </summary>
public sealed class GrainKeys : IDisposable
{
    /// <summary>The length of the secret, in bytes.</summary>
    public const int SecretBytes = 32;

    /// <summary>The length of a tag, in hexadecimal digits.</summary>
    private const int TagLength = 16;

    private volatile Tags? _tags;

    /// <summary>Whether the secret is known. Before that no key can be made.</summary>
    public bool IsKnown => _tags is not null;

    /// <summary>The secret, for a process without a database; empty until it is known.</summary>
    public ReadOnlyMemory<byte> Secret => _tags?.Secret ?? ReadOnlyMemory<byte>.Empty;

    /// <summary>Sets the secret for all keys made from now on.</summary>
    /// <exception cref="ArgumentException">The secret's length is not <see cref="SecretBytes"/>.</exception>
    public void Use(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretBytes)
        {
            throw new ArgumentException($"The secret of the grain keys has {secret.Length} bytes in place of {SecretBytes}.", nameof(secret));
        }

        if (_tags is not { } tags || !secret.SequenceEqual(tags.Secret))
        {
            _tags = new Tags(secret.ToArray());
        }
    }

    /// <summary>
    /// The key of a customer's grain. It holds no white space, quotes, brackets or characters outside of ASCII, so that a log formatter can find and remove it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The secret is not known.</exception>
    public string Of(CustomerAddress customer) => Make(customer.Workspace, customer.Escaped);

    /// <summary>The customer of a grain's key.</summary>
    /// <exception cref="WrongGrainKeyException">The key was made with another secret. A grain that accepted it would be a second activation for its
    /// customer.</exception>
    public CustomerAddress ReadCustomer(string grainKey)
    {
        var (workspace, name) = Check(grainKey);
        return CustomerAddress.FromEscaped(workspace, name);
    }

    /// <summary>References by keys of the secret that is known now.</summary>
    internal KnownCustomers Known => TagsNow.Known;

    /// <summary>Clears the cache of references to customers' grains. Call it when the process is idle, to give its memory back.</summary>
    public void ClearCache() => _tags?.Known.Clear();

    /// <summary>The key of an import's grain.</summary>
    public string Of(ImportAddress import) => Make(import.Workspace, import.Import.ToString());

    /// <summary>The import of a grain's key.</summary>
    /// <exception cref="WrongGrainKeyException">The key was made with another secret.</exception>
    public ImportAddress ReadImport(string grainKey)
    {
        var (workspace, name) = Check(grainKey);
        return new ImportAddress(workspace, Ulid.Parse(name));
    }

    public void Dispose() => _tags?.Dispose();

    private string Make(string workspace, string name)
    {
        var tag = TagsNow.Of(workspace, name);
        return string.Create(workspace.Length + name.Length + TagLength + 2, (workspace, tag, name), static (key, parts) =>
        {
            parts.workspace.CopyTo(key);
            key = key[parts.workspace.Length..];
            key[0] = '/';
            parts.tag.TryFormat(key[1..], out _, "x16", CultureInfo.InvariantCulture);
            key[TagLength + 1] = '/';
            parts.name.CopyTo(key[(TagLength + 2)..]);
        });
    }

    private (string Workspace, string Name) Check(string grainKey)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        var name = slash + TagLength + 2;
        if (slash > 0 && grainKey.Length > name && grainKey[name - 1] == '/'
            && ulong.TryParse(grainKey.AsSpan(slash + 1, TagLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag)
            && TagsNow.Of(grainKey.AsSpan(0, slash), grainKey.AsSpan(name)) == tag)
        {
            return (grainKey[..slash], grainKey[name..]);
        }

        throw new WrongGrainKeyException(slash > 0 ? grainKey[..slash] : string.Empty);
    }

    private Tags TagsNow => _tags ?? throw new InvalidOperationException("The secret of the grain keys is not known yet.");

    /// <summary>The tags of one secret. Each thread keeps its hash object, because creating one costs more than using it.</summary>
    private sealed class Tags(byte[] secret) : IDisposable
    {
        /// <summary>Keys up to this length are hashed from the stack, in characters; nearly all names are shorter.</summary>
        private const int StackChars = 256;

        private readonly ThreadLocal<IncrementalHash> _hash = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret), trackAllValues: true);

        public byte[] Secret => secret;

        public KnownCustomers Known { get; } = new();

        public ulong Of(ReadOnlySpan<char> workspace, ReadOnlySpan<char> name)
        {
            var length = workspace.Length + 1 + name.Length;
            var rented = length > StackChars ? ArrayPool<char>.Shared.Rent(length) : null;
            var text = rented is null ? stackalloc char[StackChars] : rented;
            workspace.CopyTo(text);
            text[workspace.Length] = '/';
            name.CopyTo(text[(workspace.Length + 1)..]);

            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            var hash = _hash.Value!;
            hash.AppendData(MemoryMarshal.AsBytes(text[..length]));
            hash.GetHashAndReset(mac);
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }

            return BinaryPrimitives.ReadUInt64BigEndian(mac);
        }

        public void Dispose()
        {
            foreach (var hash in _hash.Values)
            {
                hash.Dispose();
            }

            _hash.Dispose();
        }
    }
}
