using System.Globalization;

namespace CioOrleans.Customers;

/// <summary>
/// Ordering keys. A person is named by id, e-mail address or cio_id. The kind of a v1 path value follows from its form, as at Customer.io, so that v1 and v2
/// use the same queue. Calls without a person have ordering keys of their own kinds.
/// </summary>
public static class CustomerKey
{
    /// <summary>The number of queues that the calls without credentials of one workspace share.</summary>
    public const int OpenQueues = 16;

    /// <summary>The number of queues that the browsers' calls of one workspace share.</summary>
    public const int BrowserQueues = 64;

    private const int AnonymousShards = 64;

    /// <summary>The key of a person named in a v1 path: a value with an @ is an e-mail address, <c>cio_…</c> a cio_id, anything else an id.</summary>
    public static string FromPathValue(string identifier) =>
        identifier.StartsWith("cio_", StringComparison.Ordinal) ? FromCioId(identifier)
        : identifier.Contains('@', StringComparison.Ordinal) ? FromEmail(identifier)
        : FromId(identifier);

    public static string FromId(string id) => string.Concat("id:", id);

    /// <summary>E-mail addresses are folded to lower case, so that two spellings of one mailbox share a queue.</summary>
    public static string FromEmail(string email) => string.Concat("email:", email.ToLowerInvariant());

    /// <summary>The key of a cio_id, with or without its <c>cio_</c> prefix (v2 omits it).</summary>
    public static string FromCioId(string cioId) =>
        cioId.StartsWith("cio_", StringComparison.Ordinal) ? string.Concat("cio:", cioId.AsSpan(4)) : string.Concat("cio:", cioId);

    /// <summary>The key of a person named by phone number, which only Track v2 supports.</summary>
    public static string FromPhone(string phone) => string.Concat("phone:", phone);

    public static string FromAnonymousId(string anonymousId) => string.Concat("anonymous:", anonymousId);

    public static string FromSegment(string segmentId) => string.Concat("segment:", segmentId);

    public static string FromForm(string formId) => string.Concat("form:", formId);

    public static string FromDelivery(string deliveryId) => string.Concat("delivery:", deliveryId);

    /// <summary>The key of an object that is not a person. Customer.io's type ids are whole numbers, so the first colon ends the type id.</summary>
    public static string FromObject(string objectTypeId, string objectId) => string.Concat("object:", objectTypeId, ":", objectId);

    /// <summary>The key of an object by the id that Customer.io gave it. Only Customer.io can resolve this id to a type and an object id.</summary>
    public static string FromCioObjectId(string cioObjectId) => string.Concat("cio-object:", cioObjectId);

    /// <summary>The key of a group that is named without a person (Pipelines API).</summary>
    public static string FromGroup(string groupId) => string.Concat("group:", groupId);

    /// <summary>
    /// The key of a stored send whose order does not matter. Such sends share a fixed number of queues, because a queue for each send would leave a row in the
    /// outbox for ever. The queue follows from the id alone, so every process can find the result again.
    /// </summary>
    public static string ForSend(Ulid callId) => string.Concat("send:", callId.Random[^1].ToString(CultureInfo.InvariantCulture));

    /// <summary>The key of a call without a person. Such calls have no order, so they are spread over a fixed number of queues.</summary>
    public static string ForNobody(Ulid callId) => Sharded("nobody:", callId, AnonymousShards);

    /// <summary>
    /// The key of a call without credentials. Such calls share a fixed number of queues, so that callers without credentials can neither create queues nor
    /// choose the hash of a queue. Calls with the same <paramref name="key"/> stay in order.
    /// </summary>
    public static string ForCallerWithoutCredentials(string key) => Shared("open:", key, OpenQueues);

    /// <summary>
    /// The key of a browser's call. A write key in a page is public, so these calls have queues of their own beside those of the persons that they name. Calls
    /// with the same <paramref name="key"/> stay in order.
    /// </summary>
    public static string ForBrowser(string key) => Shared("browser:", key, BrowserQueues);

    /// <summary>Whether the calls of a queue belong to one customer and have an order. The calls of other queues only share their queue.</summary>
    /// <param name="key">The ordering key of the queue.</param>
    public static bool IsOrdered(string key) => key.AsSpan(0, Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))) is
        "id" or "email" or "cio" or "phone" or "object" or "cio-object" or "group" or "segment";

    private static string Shared(string prefix, string key, int queues)
    {
        // FNV-1a: every process must choose the same queue.
        var hash = 2_166_136_261u;
        foreach (var c in key)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{(hash ^ (hash >> 16)) % queues}");
    }

    private static string Sharded(string prefix, Ulid callId, int shards) => string.Concat(prefix, ((uint)callId.GetHashCode() % shards).ToString());
}
