using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Deduplication;
using CioOrleans.Api.Forwarding;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Pipelines;

/// <summary>Makes calls of a Pipelines request after its body was read.</summary>
internal sealed class PipelinesCallFactory(KeptHeaders headers, TimeProvider time)
{
    /// <summary>The largest batch, in bytes. Customer.io answers 200 to a larger one and discards it.</summary>
    public const int MaxBatchBytes = 500 * 1024;

    /// <summary>The limit, in bytes, for the members beside <c>batch</c>, which are stored once per customer of the batch.</summary>
    private const int MaxSharedBytes = 4 * 1024 * 1024;

    private const string StrictMode = "X-Strict-Mode";

    private static readonly ItemProblem _tooLargeStamped = new(
        CallDefect.TooLarge, $"is larger than {PipelinesItem.MaxBytes} bytes with its messageId and timestamp. Send less.");

    /// <summary>The depth is checked for each call, so that a call that is nested too deep does not make the whole batch unreadable.</summary>
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = int.MaxValue };
    private static readonly JsonWriterOptions _asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="name">The call's name in the path.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="target">Path and query as they were sent.</param>
    /// <param name="requestHeaders">The request's headers.</param>
    /// <param name="body">The decoded body.</param>
    public PipelinesIntake Create(string name, WorkspaceSettings workspace, string target, IHeaderDictionary requestHeaders, byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            return Refused(BodyRefusals.NotUtf8);
        }

        try
        {
            using var document = JsonDocument.Parse(body, _options);
            if (headers.Of(Strict(requestHeaders), out var refusal) is not { } kept)
            {
                return PipelinesIntake.Refused(refusal!);
            }

            var template = Template(target, name == PipelinesCall.Batch ? CallRules.OfEachOperation(kept) : kept);
            var keys = RequestKeys.Of(requestHeaders, workspace.Deduplication);
            var intake = name == PipelinesCall.Batch
                ? CreateBatch(document.RootElement, workspace, template, keys, body)
                : CreateOne(name, document.RootElement, workspace, template, keys, body);
            return intake.Invalid.Count > 0 && requestHeaders[StrictMode] == "1" ? PipelinesIntake.Refused([.. intake.Invalid.Select(invalid => invalid.Problem)]) : intake;
        }
        catch (JsonException exception)
        {
            return Refused($"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}). Send one JSON object.");
        }
        catch (InvalidOperationException)
        {
            return Refused("The body holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.");
        }
    }

    private static PipelinesIntake Refused(string message) => PipelinesIntake.Refused(Refusal.BadRequest(message));

    private static PipelinesIntake CreateOne(string name, JsonElement root, WorkspaceSettings workspace, Call template, RequestKeys keys, byte[] body)
    {
        if (PipelinesItem.Read(root, name, out var item) is { } problem)
        {
            return Invalid(problem);
        }

        var id = Ulid.NewUlid(template.AcceptedAt);
        var raw = JsonMarshal.GetRawUtf8Value(root);
        var stamped = PipelinesStamp.Apply(raw, item!, workspace.Stamping, id, template.AcceptedAt);
        if (stamped.Length > PipelinesItem.MaxBytes)
        {
            return Invalid(_tooLargeStamped);
        }

        var notes = keys.Note(item!.MessageKey, template.Method, template.Target, raw);
        var customer = item.Customer ?? CustomerKey.ForNobody(RequestKeys.SpreadBy(notes, id));
        return PipelinesIntake.Taken((customer, template with { Id = id, Kind = item.Kind, Notes = notes, Body = stamped }));

        PipelinesIntake Invalid(ItemProblem problem) =>
            PipelinesIntake.Taken() with { Invalid = [new InvalidCall(problem.Reason, $"The call {problem.Text}", null, PartOf(body, root))] };
    }

    /// <summary>
    /// Makes one batch per customer of the request's items. Each keeps the members beside <c>batch</c>, because <c>context</c> and <c>integrations</c>
    /// concern every item and have no place outside a batch.
    /// </summary>
    private static PipelinesIntake CreateBatch(JsonElement root, WorkspaceSettings workspace, Call template, RequestKeys keys, byte[] body)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("batch", out var batch) || batch.ValueKind != JsonValueKind.Array)
        {
            return Refused("\"batch\" is missing. Send {\"batch\":[…]} with the calls.");
        }

        if (root.EnumerateObject().Any(member => !member.NameEquals("batch"u8) && PipelinesItem.IsTooDeep(member.Value)))
        {
            return Refused($"A member beside \"batch\" is nested deeper than {CallLimits.MaxDepth} levels. Flatten it.");
        }

        var people = new List<(string Customer, CallKind Kind, List<byte[]> Items, PipelinesKeys Keys)>();
        var byCustomer = new Dictionary<string, int>(StringComparer.Ordinal);
        var invalid = new List<InvalidCall>();
        var index = -1;
        var isUnchanged = true;
        foreach (var call in batch.EnumerateArray())
        {
            index++;
            if (PipelinesItem.Read(call, null, out var item) is { } problem)
            {
                Refuse(call, problem);
                continue;
            }

            var messageId = Ulid.NewUlid(template.AcceptedAt);
            var raw = JsonMarshal.GetRawUtf8Value(call);
            var stamped = PipelinesStamp.Apply(raw, item!, workspace.Stamping, messageId, template.AcceptedAt);
            if (stamped.Length > PipelinesItem.MaxBytes)
            {
                Refuse(call, _tooLargeStamped);
                continue;
            }

            isUnchanged &= stamped.Length == raw.Length;
            var customer = item!.Customer ?? CustomerKey.ForNobody(item.MessageKey?.ToUlid() ?? messageId);
            if (!byCustomer.TryGetValue(customer, out var place))
            {
                byCustomer.Add(customer, place = people.Count);
                people.Add((customer, item.Kind, [], new PipelinesKeys(index)));
            }

            people[place].Items.Add(stamped);
            people[place].Keys.Add(keys.ComparesContent ? raw : default, item.MessageKey);
        }

        // The members beside "batch" are stored with the items of each customer.
        var shared = JsonMarshal.GetRawUtf8Value(root).Length - JsonMarshal.GetRawUtf8Value(batch).Length;
        if ((long)shared * people.Count > MaxSharedBytes)
        {
            return Refused($"The batch names {people.Count} people and has {shared} bytes beside its calls, which go along with each of them. Send fewer people at once, or less beside them.");
        }

        return PipelinesIntake.Taken(
        [
            .. people.Select(person => (person.Customer, template with
            {
                Id = Ulid.NewUlid(template.AcceptedAt),
                Kind = person.Kind,
                Notes = keys.Note(person.Keys.Own, template.Method, template.Target, person.Keys.Content, person.Keys.Place),
                Body = isUnchanged && people.Count == 1 && invalid.Count == 0 ? body : Write(root, person.Items),
            })),
        ]) with { Invalid = invalid };

        void Refuse(JsonElement call, ItemProblem problem) =>
            invalid.Add(new InvalidCall(problem.Reason, $"Call {index} of the batch {problem.Text}", index, PartOf(body, call)));
    }

    /// <summary>The part of the body that holds a value.</summary>
    private static ReadOnlyMemory<byte> PartOf(byte[] body, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return body.AsSpan().Overlaps(raw, out var start) ? body.AsMemory(start, raw.Length) : raw.ToArray();
    }

    private static byte[] Write(JsonElement root, IReadOnlyList<byte[]> items)
    {
        var buffer = new ArrayBufferWriter<byte>(items.Sum(i => i.Length) + 1024);
        using (var json = new Utf8JsonWriter(buffer, _asWritten))
        {
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (!member.NameEquals("batch"u8))
                {
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
                    continue;
                }

                json.WriteStartArray();
                foreach (var item in items)
                {
                    json.WriteRawValue(item, skipInputValidation: true);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Adds the header for strict mode. Without it Customer.io answers 200 to an invalid call too.</summary>
    private static HeaderDictionary Strict(IHeaderDictionary headers) =>
        new(headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)) { [StrictMode] = "1" };

    private Call Template(string target, CallHeaders kept) => new()
    {
        Id = default,
        Kind = CallKind.Event,
        LimitClass = LimitClass.Pipelines,
        Method = HttpMethods.Post,
        Target = target,
        Headers = kept,
        Body = [],
        AcceptedAt = time.GetUtcNow(),
    };
}
