using CioOrleans.Customers;
using CioOrleans.Delivery.Sends;

namespace CioOrleans.Api.App;

/// <summary>The <c>Idempotency-Key</c> of a send.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    private static readonly string _problem =
        $"{Header} must be one value of 1 to {MaxLength} printable ASCII characters. Send the same one with each repeat of the same message, such as an order's number.";

    /// <summary>Returns what is wrong with the header, or null.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="key">The key as it was sent; null if there is none or it is invalid.</param>
    public static string? Read(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        if (values is not [{ Length: > 0 and <= MaxLength } value] || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return _problem;
        }

        key = value;
        return null;
    }

    /// <summary>The stored form of a key and of the content of its request.</summary>
    public static SendKey ToSendKey(string key, SendRequest message) =>
        SendKey.Of(key, Track.RawTarget.PathOf(message.Target).ToString(), message.Target, message.Body);
}
