using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Pipelines;

/// <summary>One call of the Pipelines API, by itself or inside a batch.</summary>
/// <param name="Kind">The kind of the call.</param>
/// <param name="Customer">Its ordering key; null if it names no customer.</param>
/// <param name="HasMessageId">True if it has a <c>messageId</c>, with any value.</param>
/// <param name="HasTimestamp">True if it has a <c>timestamp</c>, with any value.</param>
internal sealed record PipelinesItem(CallKind Kind, string? Customer, bool HasMessageId, bool HasTimestamp)
{
    /// <summary>The duplicate key of its <c>messageId</c>; null if the <c>messageId</c> is missing or cannot identify a repeat.</summary>
    public DuplicateKey? MessageKey { get; init; }

    /// <summary>The largest call, in bytes. Customer.io answers 200 to a larger one and discards it.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Reads a call. Returns what is wrong with it, or null.</summary>
    /// <param name="call">The call.</param>
    /// <param name="type">The type that the path gives; null inside a batch, where the call has a <c>type</c>.</param>
    /// <param name="item">The call; null if it is invalid.</param>
    public static ItemProblem? Read(JsonElement call, string? type, out PipelinesItem? item)
    {
        item = null;
        try
        {
            return IsTooDeep(call)
                ? new ItemProblem(CallDefect.TooDeep, $"is nested deeper than {CallLimits.MaxDepth} levels. Flatten it.")
                : ReadMembers(call, type, out item);
        }
        catch (InvalidOperationException)
        {
            return new ItemProblem(CallDefect.HalfCharacter, "holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.");
        }
    }

    private static ItemProblem? ReadMembers(JsonElement call, string? type, out PipelinesItem? item)
    {
        item = null;
        if (call.ValueKind != JsonValueKind.Object)
        {
            return new ItemProblem(CallDefect.NoObject, "is not a JSON object. Send one: {…}.");
        }

        if (PipelinesCall.KindOf(type ?? JsonMember.TextOf(call, "type")) is not { } kind)
        {
            return new ItemProblem(CallDefect.UnknownType, "has no \"type\" that is known. Send identify, track, page, screen, group or alias.");
        }

        if (JsonMarshal.GetRawUtf8Value(call).Length > MaxBytes)
        {
            return new ItemProblem(CallDefect.TooLarge, $"is larger than {MaxBytes} bytes, and Customer.io would drop it. Send less.");
        }

        if (kind == CallKind.Event && string.IsNullOrWhiteSpace(JsonMember.TextOf(call, "event")))
        {
            return new ItemProblem(CallDefect.NoEvent, "has no \"event\". Send the event's name as a string that is not blank.");
        }

        if (kind == CallKind.Alias && (JsonMember.TextOf(call, "previousId") is null || JsonMember.TextOf(call, "userId") is null))
        {
            return new ItemProblem(CallDefect.NoAliasIds, "needs \"previousId\" and \"userId\". Send both.");
        }

        if (ReadCustomer(call, out var customer) is { } problem)
        {
            return new ItemProblem(CallDefect.WrongIdentifier, problem);
        }

        item = new PipelinesItem(kind, customer, call.TryGetProperty("messageId", out _), call.TryGetProperty("timestamp", out _))
        {
            MessageKey = JsonMember.TextOf(call, "messageId") is { } messageId ? DuplicateKey.OfMessageId(Encoding.UTF8.GetBytes(messageId)) : null,
        };
        return null;
    }

    /// <summary>Whether a value has more than <see cref="CallLimits.MaxDepth"/> levels.</summary>
    public static bool IsTooDeep(JsonElement call)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(call), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= CallLimits.MaxDepth)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the ordering key. A <c>userId</c> is an id of the Track API, so both APIs' calls of one person share a queue.</summary>
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

/// <summary>What is wrong with a call.</summary>
/// <param name="Reason">The kind of the defect.</param>
/// <param name="Text">The rest of a sentence that begins with the place of the call. Contains nothing from the body.</param>
internal sealed record ItemProblem(CallDefect Reason, string Text);
