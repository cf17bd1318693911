using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CioOrleans.Calls;

/// <summary>
/// Identifies a repeat of a call among the calls of one customer: a digest of the name that the caller gave the call, or of the call's content. It has a fixed
/// length, and no payload can be read from it.
/// </summary>
[GenerateSerializer, Immutable, Alias("cio.DuplicateKey")]
public readonly record struct DuplicateKey
{
    /// <summary>The length of <see cref="ToString"/>.</summary>
    public const int TextLength = 32;

    [Id(0)]
    private readonly UInt128 _digest;

    private DuplicateKey(UInt128 digest) => _digest = digest;

    /// <summary>The value of an <c>Idempotency-Key</c> header.</summary>
    /// <param name="key">The key as the caller sent it.</param>
    /// <param name="place">The index of the operation, if the request has several; otherwise null.</param>
    public static DuplicateKey OfIdempotencyKey(string key, int? place = null) =>
        OfText(place is { } index ? string.Create(CultureInfo.InvariantCulture, $"key {index} {key}") : string.Concat("key ", key));

    /// <summary>The <c>Idempotency-Key</c> of a send. Its scope is one endpoint.</summary>
    public static DuplicateKey OfSend(string endpoint, string key) => OfText($"send {endpoint} {key}");

    /// <summary>An event's <c>id</c> from the caller, as it is written in the JSON.</summary>
    public static DuplicateKey OfEventId(ReadOnlySpan<byte> id) => Of("id "u8, id);

    /// <summary>An event's <c>id</c> from the caller.</summary>
    public static DuplicateKey OfEventId(Ulid id) => OfText(string.Concat("id ", id.ToString()));

    /// <summary>A <c>messageId</c> of the Pipelines API, as it is written in the JSON.</summary>
    public static DuplicateKey OfMessageId(ReadOnlySpan<byte> id) => Of("message "u8, id);

    /// <summary>The key of a whole request. Equal requests have equal keys, even if neither repeats the other.</summary>
    public static DuplicateKey OfRequest(string method, string target, ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return Of(Encoding.UTF8.GetBytes($"request {method} {target} "), digest);
    }

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DuplicateKey key)
    {
        key = default;
        if (text.Length != TextLength || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digest))
        {
            return false;
        }

        key = new DuplicateKey(digest);
        return true;
    }

    /// <summary>The digest as a ULID, used to spread calls over queues.</summary>
    public Ulid ToUlid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _digest);
        return new Ulid(bytes);
    }

    /// <summary>The first eight bytes of the digest.</summary>
    public long ToPrefix() => (long)(ulong)(_digest >> 64);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => _digest.ToString("x32", CultureInfo.InvariantCulture);

    private static DuplicateKey OfText(string text) => Of(Encoding.UTF8.GetBytes(text), []);

    private static DuplicateKey Of(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> value)
    {
        var rented = ArrayPool<byte>.Shared.Rent(scope.Length + value.Length);
        scope.CopyTo(rented);
        value.CopyTo(rented.AsSpan(scope.Length));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rented.AsSpan(0, scope.Length + value.Length), digest);
        ArrayPool<byte>.Shared.Return(rented);
        return new DuplicateKey(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }
}
