using System.Text.Json;
using System.Text.Json.Serialization;

namespace CioOrleans.Grains.History;

/// <summary>The text form of a <see cref="HistoryNote"/>, for the stores.</summary>
public static class HistoryNoteText
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The text to store.</summary>
    public static string Write(HistoryNote note) => JsonSerializer.Serialize(note, _options);

    /// <summary>Parses a stored text; null if it is of a kind that this version does not know.</summary>
    public static HistoryNote? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryNote>(text, _options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The name of a note's kind. Of old notes the last of each kind is kept.</summary>
    public static string KindOf(HistoryNote note) => note.GetType().Name;
}
