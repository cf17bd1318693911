using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CioOrleans.Cli.Imports;

/// <summary>
/// A file of JSON lines. If the options name an identifier, each line is a flat object of the identifier and of attributes, which keep their types.
/// Otherwise each line has the form of <c>/bulk/identify</c> and is sent unchanged.
/// </summary>
internal sealed class JsonPeople(Stream content, ReadingOptions options) : IPeopleFile
{
    private readonly StreamReader _reader = new(content);
    private string _line = string.Empty;

    public bool Read()
    {
        while (_reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                _line = line;
                return true;
            }
        }

        return false;
    }

    public void Write(IBufferWriter<byte> output)
    {
        if (options.Identifier is null || !TryWritePerson(output))
        {
            // Send the line unchanged. If it is invalid, the dispatcher refuses it, as it does with every other line.
            Encoding.UTF8.GetBytes(_line, output);
        }

        output.Write("\n"u8);
    }

    public void Dispose() => _reader.Dispose();

    private bool TryWritePerson(IBufferWriter<byte> output)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(_line);
        }
        catch (JsonException)
        {
            return false;
        }

        using (document)
        {
            var row = document.RootElement;
            if (row.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            using var json = new Utf8JsonWriter(output, PersonJson.Options);
            json.WriteStartObject();
            if (row.TryGetProperty(options.Column!, out var identifier))
            {
                json.WritePropertyName(options.Identifier!);
                identifier.WriteTo(json);
            }

            WriteObject(json, "attributes", row.EnumerateObject().Where(member => member.Name != options.Column && !options.EventColumns.Contains(member.Name)));
            if (options.Event is { } name)
            {
                json.WriteStartObject("event");
                json.WriteString("name", name);
                if (options.EventColumns.Count > 0)
                {
                    WriteObject(json, "data", row.EnumerateObject().Where(member => options.EventColumns.Contains(member.Name)));
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            return true;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, string name, IEnumerable<JsonProperty> members)
    {
        json.WriteStartObject(name);
        foreach (var member in members)
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
