using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Client.Imports;

/// <summary>Makes the calls of an import: operations of Track v2, so that one request can carry a thousand people.</summary>
public sealed class ImportCallFactory(TimeProvider time)
{
    /// <summary>Customer.io's maximum for one operation, in bytes.</summary>
    public const int MaxOperationBytes = 32 * 1024;

    private const string Target = "/api/v2/entity";

    /// <summary>The notes of all calls of an import.</summary>
    public static CallNotes NotesOf(Ulid import) => new() { Import = import };

    /// <summary>Makes the calls of one person, or returns what is wrong with the person.</summary>
    /// <param name="user">The person, as the caller gave it.</param>
    /// <param name="import">The import's id.</param>
    /// <param name="notes">From <see cref="NotesOf"/>; all calls of an import share it.</param>
    public ImportCalls Create(ImportUser user, Ulid import, CallNotes notes)
    {
        try
        {
            var (member, value, key) = Identify(user);
            var now = time.GetUtcNow();
            var identify = Call(CallKind.Identify, notes, now, Write(json =>
            {
                WriteHead(json, member, value, "identify"u8);
                json.WriteNumber("timestamp"u8, (user.Timestamp ?? now).ToUnixTimeSeconds());
                WriteObject(json, user.Attributes, nameof(user.Attributes), levelsAround: 1);
            }));
            return new ImportCalls.Valid(key, user.Event is { } tracked ? [identify, Event(import, notes, member, value, key, tracked, now)] : [identify]);
        }
        catch (ArgumentException exception)
        {
            return new ImportCalls.Invalid(Text(exception));
        }
    }

    private static (string Member, string Value, string Key) Identify(ImportUser user)
    {
        (string Member, string Value)[] given = [.. new[] { ("id", user.Id), ("email", user.Email), ("cio_id", user.CioId) }.Where(i => i.Item2 is not null).Select(i => (i.Item1, i.Item2!))];
        if (given.Length != 1)
        {
            throw new ArgumentException(given.Length == 0 ? "Nobody is named. Give an id, an email or a cio_id." : "Several identifiers are given. Give one of id, email and cio_id.");
        }

        var (member, value) = given[0];
        Identifiers.Check(value, CallLimits.MaxPersonBytes, member);
        return member switch
        {
            "id" => (member, value, CustomerKey.FromId(value)),
            "email" when !value.Contains('@', StringComparison.Ordinal) => throw new ArgumentException("The email holds no @. Give an e-mail address, or name the person by id."),
            "email" => (member, value, CustomerKey.FromEmail(value)),
            _ => (member, value.StartsWith("cio_", StringComparison.Ordinal) ? value["cio_".Length..] : value, CustomerKey.FromCioId(value)),
        };
    }

    private static Call Event(Ulid import, CallNotes notes, string member, string value, string key, ImportEvent tracked, DateTimeOffset now)
    {
        TrackBody.CheckName(CallKind.Event, tracked.Name);
        var data = tracked.Data is null ? null : JsonText.OfObject(tracked.Data, "event data", levelsAround: 1);
        var id = tracked.Id ?? IdOf(import, key, tracked, data);
        return Call(CallKind.Event, notes, now, Write(json =>
        {
            WriteHead(json, member, value, "event"u8);
            json.WriteString("id"u8, id.ToString());
            json.WriteString("name"u8, tracked.Name);
            json.WriteNumber("timestamp"u8, (tracked.Timestamp ?? now).ToUnixTimeSeconds());
            json.WritePropertyName("attributes"u8);
            json.WriteRawValue(data ?? "{}"u8, skipInputValidation: true);
        }));
    }

    /// <summary>The id is the same for the same event of the same person in the same import, so that Customer.io ignores a repeated line.</summary>
    private static Ulid IdOf(Ulid import, string key, ImportEvent tracked, byte[]? data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{import}\n{key}\n{tracked.Name}\n{tracked.Timestamp?.ToUnixTimeSeconds()}\n"), .. data ?? []], hash);
        Span<byte> id = stackalloc byte[16];
        import.TryWriteBytes(id);
        hash[..10].CopyTo(id[6..]);
        return new Ulid(id);
    }

    private static Call Call(CallKind kind, CallNotes notes, DateTimeOffset now, byte[] body) => body.Length <= MaxOperationBytes
        ? new Call
        {
            Id = Ulid.NewUlid(now),
            Kind = kind,
            LimitClass = LimitClass.Batch,
            Priority = CallPriority.Bulk,
            Method = "POST",
            Target = Target,
            Headers = CallFactory.Headers,
            Notes = notes,
            Body = body,
            AcceptedAt = now,
        }
        : throw new ArgumentException($"It comes to {body.Length} bytes, and Customer.io takes {MaxOperationBytes}. Leave some attributes out.");

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteHead(Utf8JsonWriter json, string member, string value, ReadOnlySpan<byte> action)
    {
        json.WriteString("type"u8, "person"u8);
        json.WriteStartObject("identifiers"u8);
        json.WriteString(member, value);
        json.WriteEndObject();
        json.WriteString("action"u8, action);
    }

    private static void WriteObject(Utf8JsonWriter json, object? value, string parameter, int levelsAround)
    {
        json.WritePropertyName("attributes"u8);
        json.WriteRawValue(value is null ? "{}"u8 : JsonText.OfObject(value, parameter, levelsAround), skipInputValidation: true);
    }

    /// <summary>The message without the parameter name that .NET appends, because rows of a file have no parameters.</summary>
    private static string Text(ArgumentException exception) =>
        exception.ParamName is { } parameter ? $"{parameter}: {exception.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)}" : exception.Message;
}
