using System.Globalization;
using CioOrleans.Calls;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Deduplication;

/// <summary>
/// The duplicate keys of one request: what its headers say of it. The one place where the front-end gives keys to calls; a key of the
/// operation's own (an event's <c>id</c>, a <c>messageId</c>) is handed in with it.
/// </summary>
internal readonly struct RequestKeys
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const string RetryCount = "X-Retry-Count";

    private readonly DeduplicationSettings _settings;
    private readonly string? _idempotencyKey;
    private readonly CallNote _requestNote;

    private RequestKeys(DeduplicationSettings settings, string? idempotencyKey, CallNote requestNote)
    {
        _settings = settings;
        _idempotencyKey = idempotencyKey;
        _requestNote = requestNote;
    }

    /// <summary>Whether what an operation says is looked at; where not, <see cref="Note"/> does without.</summary>
    public bool ComparesContent => _settings is { Enabled: true, SdkRetries: true };

    /// <summary>Reads a request's headers, once for all of its operations.</summary>
    public static RequestKeys Of(IHeaderDictionary headers, DeduplicationSettings settings)
    {
        if (!settings.Enabled)
        {
            return new RequestKeys(settings, null, default);
        }

        var key = headers[IdempotencyKey].ToString();
        var isRepeat = settings.SdkRetries && int.TryParse(headers[RetryCount], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
        return new RequestKeys(settings, string.IsNullOrWhiteSpace(key) ? null : key, isRepeat ? CallNote.RepeatedRequest : CallNote.Request);
    }

    /// <summary>The notes of one operation: its keys, the caller's own first.</summary>
    /// <param name="own">The operation's own key; null where it has none.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">Of the operation, as it was sent.</param>
    /// <param name="place">Of a request with several operations: which one this is; otherwise null.</param>
    public CallNotes Note(DuplicateKey? own, string method, string target, ReadOnlySpan<byte> body, int? place = null)
    {
        if (!_settings.Enabled)
        {
            return CallNotes.None;
        }

        Span<NotedKey> keys = stackalloc NotedKey[3];
        var count = 0;
        if (_idempotencyKey is not null)
        {
            keys[count++] = new NotedKey(CallNote.Key, DuplicateKey.OfIdempotencyKey(_idempotencyKey, place));
        }

        if (own is { } ownKey)
        {
            keys[count++] = new NotedKey(CallNote.Key, ownKey);
        }

        if (ComparesContent)
        {
            keys[count++] = new NotedKey(_requestNote, DuplicateKey.OfRequest(method, target, body));
        }

        return count == 0 ? CallNotes.None : new CallNotes { Keys = [.. keys[..count]] };
    }

    /// <summary>
    /// What spreads a call that names nobody over the queues for such: a repeat must come to the queue that its first came to.
    /// </summary>
    /// <param name="notes">What <see cref="Note"/> made.</param>
    /// <param name="callId">For a call without a key.</param>
    public static Ulid SpreadBy(CallNotes notes, Ulid callId) => notes.HasKeys ? notes.Keys[0].Key.ToUlid() : callId;
}
