using System.Globalization;
using CioOrleans.Calls;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Deduplication;

/// <summary>
/// What one request gives to the notes of its calls: the duplicate keys of its headers, and its trace context. The front-end assigns keys to calls only here.
/// An operation's own key (an event's <c>id</c>, a <c>messageId</c>) is passed to <see cref="Note"/>.
/// </summary>
internal readonly struct RequestKeys
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const string RetryCount = "X-Retry-Count";

    private readonly DeduplicationSettings _settings;
    private readonly string? _idempotencyKey;
    private readonly CallNote _requestNote;
    private readonly string? _traceParent;

    private RequestKeys(DeduplicationSettings settings, string? idempotencyKey, CallNote requestNote, string? traceParent)
    {
        _settings = settings;
        _idempotencyKey = idempotencyKey;
        _requestNote = requestNote;
        _traceParent = traceParent;
    }

    /// <summary>Whether the content of an operation is one of its keys. If not, <see cref="Note"/> ignores the body.</summary>
    public bool ComparesContent => _settings is { Enabled: true, SdkRetries: true };

    /// <summary>Reads a request's headers. Call it once for all operations of the request.</summary>
    public static RequestKeys Of(IHeaderDictionary headers, DeduplicationSettings settings)
    {
        var trace = TraceOf(headers);
        if (!settings.Enabled)
        {
            return new RequestKeys(settings, null, default, trace);
        }

        var key = headers[IdempotencyKey].ToString();
        var isRepeat = settings.SdkRetries && int.TryParse(headers[RetryCount], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
        return new RequestKeys(settings, string.IsNullOrWhiteSpace(key) ? null : key, isRepeat ? CallNote.RepeatedRequest : CallNote.Request, trace);
    }

    /// <summary>The notes of a call without duplicate keys.</summary>
    public static CallNotes NotesOf(IHeaderDictionary headers) => Traced(TraceOf(headers));

    /// <summary>The notes of one operation: its keys in the order <c>Idempotency-Key</c>, own key, content.</summary>
    /// <param name="own">The operation's own key; null if it has none.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="target">The request's path and query.</param>
    /// <param name="body">The operation's bytes, as they were sent.</param>
    /// <param name="place">The index of the operation in its request; null if the request has only one.</param>
    public CallNotes Note(DuplicateKey? own, string method, string target, ReadOnlySpan<byte> body, int? place = null)
    {
        if (!_settings.Enabled)
        {
            return Traced(_traceParent);
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

        return count == 0 ? Traced(_traceParent) : new CallNotes { Keys = [.. keys[..count]], TraceParent = _traceParent };
    }

    /// <summary>
    /// Selects the shared queue of a call that names no customer. It depends on the call's first key, so that a repeat joins the same queue.
    /// </summary>
    /// <param name="notes">The notes that <see cref="Note"/> returned.</param>
    /// <param name="callId">The id of the call, which is used if it has no key.</param>
    public static Ulid SpreadBy(CallNotes notes, Ulid callId) => notes.HasKeys ? notes.Keys[0].Key.ToUlid() : callId;

    private static CallNotes Traced(string? trace) => trace is null ? CallNotes.None : new CallNotes { TraceParent = trace };

    private static string? TraceOf(IHeaderDictionary headers) => TraceParents.ToKeep(headers.TraceParent is [var one] ? one : null);
}
