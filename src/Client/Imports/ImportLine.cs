using System.Globalization;
using System.Text.Json;

namespace CioOrleans.Client.Imports;

/// <summary>A line of an import: <c>{"id":"42","attributes":{…},"timestamp":1700000000,"event":{"name":"…","data":{…}}}</c>.</summary>
public static class ImportLine
{
    private const string Expected = "a line holds one of id, email and cio_id, and may hold attributes, timestamp and event";

    /// <summary>Reads a line, or returns what is wrong with it. The user is valid as long as <paramref name="document"/>.</summary>
    public static ImportUser? Read(JsonDocument document, out string error)
    {
        try
        {
            error = string.Empty;
            return ReadUser(document.RootElement);
        }
        catch (FormatException exception)
        {
            error = exception.Message;
            return null;
        }
    }

    private static ImportUser ReadUser(JsonElement line)
    {
        var user = new ImportUser();
        foreach (var member in Members(line, "The line"))
        {
            user = member.Name switch
            {
                "id" => user with { Id = Text(member, numbersToo: true) },
                "email" => user with { Email = Text(member) },
                "cio_id" => user with { CioId = Text(member) },
                "attributes" => user with { Attributes = Object(member) },
                "timestamp" => user with { Timestamp = Time(member) },
                "event" => user with { Event = ReadEvent(member.Value) },
                _ => throw new FormatException($"'{member.Name}' is not known: {Expected}."),
            };
        }

        return user;
    }

    private static ImportEvent ReadEvent(JsonElement value)
    {
        var tracked = new ImportEvent(string.Empty);
        foreach (var member in Members(value, "The event"))
        {
            tracked = member.Name switch
            {
                "name" => tracked with { Name = Text(member) },
                "data" => tracked with { Data = Object(member) },
                "timestamp" => tracked with { Timestamp = Time(member) },
                "id" => tracked with { Id = Ulid.TryParse(Text(member), out var id) ? id : throw new FormatException("The event's id is no ULID. Leave it out, or give one.") },
                _ => throw new FormatException($"'{member.Name}' is not known in an event: it holds a name, and may hold data, timestamp and id."),
            };
        }

        return tracked.Name.Length > 0 ? tracked : throw new FormatException("The event has no name. Give it one.");
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string what) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject()
        : throw new FormatException($"{what} is no JSON object: {Expected}.");

    private static string Text(JsonProperty member, bool numbersToo = false) => member.Value.ValueKind switch
    {
        JsonValueKind.String => member.Value.GetString()!,
        JsonValueKind.Number when numbersToo => member.Value.GetRawText(),
        _ => throw new FormatException($"'{member.Name}' is no text. Put it in quotes."),
    };

    private static object? Object(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Object => member.Value,
        JsonValueKind.Null => null,
        _ => throw new FormatException($"'{member.Name}' is no JSON object."),
    };

    private static DateTimeOffset Time(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{member.Name}' is no time in whole seconds since 1970 (UTC)."));
}
