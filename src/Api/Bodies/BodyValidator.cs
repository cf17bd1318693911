using System.Text.Json;
using System.Text.Unicode;
using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>Validates a body in one pass, without building a document. Members that no rule names are passed on as they were sent.</summary>
internal static class BodyValidator
{
    // One level deeper than allowed, so that JsonValue.Skip finds the container that is too deep and reports it.
    private static readonly JsonReaderOptions _options = new() { MaxDepth = CallLimits.MaxDepth + 1 };

    /// <summary>True if the body is empty or only white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> body) => body.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>True if the body is blank or <c>null</c>: the Node SDK and the Go SDK send these if there are no attributes.</summary>
    public static bool SaysNothing(ReadOnlySpan<byte> body) => IsBlank(body) || body.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    /// <summary>Returns what is wrong with the body and how to correct it; null if it is valid.</summary>
    /// <param name="body">The body, decoded.</param>
    /// <param name="rule">What the operation expects.</param>
    /// <param name="facts">What was found. Complete only if the body is valid.</param>
    public static string? Validate(ReadOnlySpan<byte> body, BodyRule rule, out BodyFacts facts)
    {
        facts = default;
        if (IsBlank(body))
        {
            return rule is BodyRule.Nothing or BodyRule.OptionalObject ? null : "The body is missing. Send a JSON object; {} if there is nothing to say.";
        }

        if (!Utf8.IsValid(body))
        {
            return BodyRefusals.NotUtf8;
        }

        var reader = new Utf8JsonReader(body, _options);
        try
        {
            return Walk(ref reader, rule, ref facts) ?? RequiredMembers.Check(rule, facts);
        }
        catch (JsonException exception)
        {
            return $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}). Send one JSON object and nothing after it.";
        }
        catch (InvalidOperationException)
        {
            // The reader throws this for a name or a string with half of a surrogate pair.
            return "The body holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.";
        }
    }

    private static string? Walk(ref Utf8JsonReader reader, BodyRule rule, ref BodyFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null || rule != BodyRule.Nothing)
            {
                return "The body is not a JSON object. Send one: {…}.";
            }

            reader.Read();
            return null;
        }

        facts.ContentStart = (int)reader.BytesConsumed;
        facts.IsEmptyObject = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            facts.IsEmptyObject = false;
            if (ReadMember(ref reader, rule, ref facts) is { } problem)
            {
                return problem;
            }
        }

        // Throws if anything follows the object.
        reader.Read();
        return null;
    }

    private static string? ReadMember(ref Utf8JsonReader reader, BodyRule rule, ref BodyFacts facts) => rule switch
    {
        BodyRule.Identify => IdentifyBody.ReadMember(ref reader, ref facts),
        BodyRule.Event => EventBody.ReadMember(ref reader, ref facts, isAnonymous: false),
        BodyRule.AnonymousEvent => EventBody.ReadMember(ref reader, ref facts, isAnonymous: true),
        BodyRule.Device => DeviceBody.ReadMember(ref reader, ref facts),
        BodyRule.Merge => MergeBody.ReadMember(ref reader, ref facts),
        BodyRule.Segment => SegmentBody.ReadMember(ref reader, ref facts),
        BodyRule.Form => FormBody.ReadMember(ref reader, ref facts),
        BodyRule.Metric => MetricBody.ReadMember(ref reader, ref facts),
        _ => JsonValue.SkipMember(ref reader),
    };
}
