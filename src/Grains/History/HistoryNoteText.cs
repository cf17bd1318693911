using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>The text form of a <see cref="HistoryNote"/>, for the stores.</summary>
public static class HistoryNoteText
{
    private static readonly HistoryNoteJson _json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters =
        {
            new JsonStringEnumConverter<KeptAttempts>(JsonNamingPolicy.CamelCase),
            new JsonStringEnumConverter<LimitClass>(JsonNamingPolicy.CamelCase),
            new JsonStringEnumConverter<TokenReturn>(JsonNamingPolicy.CamelCase),
        },
    });

    /// <summary>The text to store.</summary>
    public static string Write(HistoryNote note) => JsonSerializer.Serialize(note, _json.HistoryNote);

    /// <summary>Parses a stored text; null if it is of a kind that this version does not know.</summary>
    public static HistoryNote? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, _json.HistoryNote);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The name of a note's kind. Of old notes the last of each kind is kept.</summary>
    public static string KindOf(HistoryNote note) => note.GetType().Name;
}

[JsonSerializable(typeof(HistoryNote))]
internal sealed partial class HistoryNoteJson : JsonSerializerContext;
