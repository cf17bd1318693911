using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>
/// The key under which a caller may repeat a send without a second message: an <c>Idempotency-Key</c>. Its scope is one workspace and one endpoint.
/// </summary>
/// <param name="Name">Digest of the endpoint and the key.</param>
/// <param name="Content">Digest of the whole request, which must not change under one key.</param>
[GenerateSerializer, Immutable, Alias("cio.SendKey")]
public readonly record struct SendKey([property: Id(0)] Ulid Name, [property: Id(1)] Ulid Content)
{
    /// <summary>The digests of a request.</summary>
    /// <param name="key">The key as the caller sent it.</param>
    /// <param name="endpoint">The path of the request, as it was sent.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">The body, decoded.</param>
    public static SendKey Of(string key, string endpoint, string target, ReadOnlySpan<byte> body) =>
        new(DuplicateKey.OfSend(endpoint, key).ToUlid(), DuplicateKey.OfRequest("POST", target, body).ToUlid());
}

/// <summary>The send that a key is bound to.</summary>
/// <param name="CallId">The call's id.</param>
/// <param name="Customer">The ordering key of the queue that it was stored in.</param>
/// <param name="Content">From <see cref="SendKey.Content"/>.</param>
[GenerateSerializer, Immutable, Alias("cio.SendBinding")]
public readonly record struct SendBinding([property: Id(0)] Ulid CallId, [property: Id(1)] string Customer, [property: Id(2)] Ulid Content)
{
    /// <summary>Whether a request under the same key has the same content as the bound one.</summary>
    public bool IsRepeatedBy(SendKey key) => key.Content == Content;
}

/// <summary>The result of accepting a send under a key.</summary>
[GenerateSerializer, Immutable, Alias("cio.KeyedAccept")]
public abstract record KeyedAccept
{
    private KeyedAccept()
    {
    }

    /// <summary>The key is bound, either to this send, which is now stored, or to the send that it repeats.</summary>
    /// <param name="Binding">The bound send.</param>
    /// <param name="IsNew">Whether this request stored it.</param>
    [GenerateSerializer, Immutable, Alias("cio.KeyedAccept.Bound")]
    public sealed record Bound([property: Id(0)] SendBinding Binding, [property: Id(1)] bool IsNew) : KeyedAccept;

    /// <summary>The key is bound to a request with other content. Nothing was stored.</summary>
    [GenerateSerializer, Immutable, Alias("cio.KeyedAccept.OtherContent")]
    public sealed record OtherContent : KeyedAccept
    {
        public static OtherContent Instance { get; } = new();
    }

    /// <summary>The send was not stored, or that is unknown. In both cases the caller may repeat it under the same key.</summary>
    /// <param name="Refusal">Why, and when to repeat the send.</param>
    [GenerateSerializer, Immutable, Alias("cio.KeyedAccept.Refused")]
    public sealed record Refused([property: Id(0)] AcceptResult.NotAccepted Refusal) : KeyedAccept;

    /// <summary>The result for a request whose key is already bound.</summary>
    public static KeyedAccept Repeat(SendBinding binding, SendKey key) =>
        binding.IsRepeatedBy(key) ? new Bound(binding, IsNew: false) : OtherContent.Instance;
}
