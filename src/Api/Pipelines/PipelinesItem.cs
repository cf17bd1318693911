using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.Pipelines;

/// <summary>One call of the Pipelines API, on its own or inside a batch: what it does and whose it is.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Customer">Its ordering key; null where it names nobody.</param>
/// <param name="HasMessageId">It has a <c>messageId</c>, whatever its value.</param>
/// <param name="HasTimestamp">It has a <c>timestamp</c>, whatever its value.</param>
internal sealed record PipelinesItem(CallKind Kind, string? Customer, bool HasMessageId, bool HasTimestamp)
{
    /// <summary>The <c>messageId</c>, where it is one that can tell a repeat; otherwise null.</summary>
    public DuplicateKey? MessageKey { get; init; }

    /// <summary>Customer.io's: what is longer is answered 200 and dropped.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Reads a call. Returns what is wrong with it, or null.</summary>
    /// <param name="call">The call.</param>
    /// <param name="type">What the path says it is; null inside a batch, where its <c>type</c> says it.</param>
    /// <param name="item">Whole where nothing is wrong.</param>
    public static string? Read(JsonElement call, string? type, out PipelinesItem? item)
    {
        item = null;
        if (call.ValueKind != JsonValueKind.Object)
        {
            return "is not a JSON object. Send one: {…}.";
        }

        if (PipelinesCall.KindOf(type ?? JsonMember.TextOf(call, "type")) is not { } kind)
        {
            return "has no \"type\" that is known. Send identify, track, page, screen, group or alias.";
        }

        if (JsonMarshal.GetRawUtf8Value(call).Length > MaxBytes)
        {
            return $"is larger than {MaxBytes} bytes, and Customer.io would drop it. Send less.";
        }

        if (kind == CallKind.Event && string.IsNullOrWhiteSpace(JsonMember.TextOf(call, "event")))
        {
            return "has no \"event\". Send the event's name as a string that is not blank.";
        }

        if (kind == CallKind.Alias && (JsonMember.TextOf(call, "previousId") is null || JsonMember.TextOf(call, "userId") is null))
        {
            return "needs \"previousId\" and \"userId\". Send both.";
        }

        if (ReadCustomer(call, out var customer) is { } problem)
        {
            return problem;
        }

        item = new PipelinesItem(kind, customer, call.TryGetProperty("messageId", out _), call.TryGetProperty("timestamp", out _))
        {
            MessageKey = JsonMember.TextOf(call, "messageId") is { } messageId ? DuplicateKey.OfMessageId(Encoding.UTF8.GetBytes(messageId)) : null,
        };
        return null;
    }

    /// <summary>An id is the one of the Track API: both APIs' calls of one person share a queue.</summary>
    private static string? ReadCustomer(JsonElement call, out string? customer)
    {
        customer = null;
        var (name, value) = JsonMember.TextOf(call, "userId") is { } userId ? ("userId", userId)
            : JsonMember.TextOf(call, "anonymousId") is { } anonymousId ? ("anonymousId", anonymousId)
            : JsonMember.TextOf(call, "groupId") is { } groupId ? ("groupId", groupId)
            : call.TryGetProperty("traits", out var traits) && traits.ValueKind == JsonValueKind.Object && JsonMember.TextOf(traits, "email") is { } email ? ("traits.email", email)
            : ("", null);
        if (value is null)
        {
            return null;
        }

        if (IdentifierRules.Check(value, $"\"{name}\"", name is "userId" or "traits.email" ? CallLimits.MaxPersonBytes : IdentifierRules.MaxOtherBytes) is { } problem)
        {
            return $"is refused: {problem}";
        }

        customer = name switch
        {
            "userId" => CustomerKey.FromId(value),
            "anonymousId" => CustomerKey.FromAnonymousId(value),
            "groupId" => CustomerKey.FromGroup(value),
            _ => CustomerKey.FromEmail(value),
        };
        return null;
    }
}
