using System.Runtime.InteropServices;
using System.Text.Json;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Processes the operations of a v2 request, in their order.</summary>
/// <param name="ledger">Records the operations that take effect.</param>
/// <param name="profiles">Keeps the attributes of persons.</param>
/// <param name="fails">Returns true if the next valid operation must be refused.</param>
internal sealed class V2Calls(Ledger ledger, Profiles profiles, Func<bool> fails)
{
    private const int MaxBytes = 500 * 1024;

    public Answer Process(in TrackRoute route, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return route.Endpoint == Endpoint.Batch ? Batch(document.RootElement, body.Length) : Entity(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Whole(new V2Error("malformed", string.Empty, "malformed JSON"));
        }
    }

    private static Answer Whole(V2Error error) => Answer.V2Errors(400, [error]);

    private Answer Entity(JsonElement root) => Take(root) is { } error ? Whole(error) : Answer.Ok;

    private Answer Batch(JsonElement root, int bytes)
    {
        if (bytes > MaxBytes)
        {
            return Whole(new V2Error("size", "batch", $"a batch must not be longer than {MaxBytes} bytes"));
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("batch", out var batch) || batch.ValueKind != JsonValueKind.Array)
        {
            return Whole(new V2Error("required", "batch", "batch must be an array"));
        }

        var errors = new List<V2Error>();
        var index = 0;
        foreach (var item in batch.EnumerateArray())
        {
            if (Take(item) is { } error)
            {
                errors.Add(error with { BatchIndex = index });
            }

            index++;
        }

        return errors.Count == 0 ? Answer.Ok : Answer.V2Errors(207, errors);
    }

    private V2Error? Take(JsonElement item)
    {
        var operation = V2Operation.Read(item);
        if (operation.Error is { } error)
        {
            return error;
        }

        if (fails())
        {
            return new V2Error("invalid", "attributes", "refused by the sandbox's fault rate");
        }

        ledger.Record(operation.Customer, operation.Call);
        Keep(item, operation.Customer);
        return null;
    }

    private void Keep(JsonElement item, string? person)
    {
        if (person is null || !item.GetProperty("type").ValueEquals("person"u8))
        {
            return;
        }

        var action = item.GetProperty("action");
        if (action.ValueEquals("identify"u8))
        {
            profiles.Identify(person, item.TryGetProperty("attributes", out var attributes) ? JsonMarshal.GetRawUtf8Value(attributes).ToArray() : default);
        }
        else if (action.ValueEquals("delete"u8) || action.ValueEquals("suppress"u8))
        {
            profiles.Remove(person);
        }
    }
}
