using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace CioOrleans.Cli.Imports;

/// <summary>
/// A CSV file in UTF-8 with a header. One column names the person; the others are attributes or the event's data. Quotes, and line breaks in quotes, are
/// as in RFC 4180.
/// </summary>
internal sealed class CsvPeople : IPeopleFile
{
    private readonly ReadingOptions _options;
    private readonly CsvParser _csv;
    private readonly string[] _header;
    private readonly int _identifier;
    private readonly bool[] _isEventData;

    public CsvPeople(Stream content, ReadingOptions options)
    {
        _options = options;
        _csv = new CsvParser(new StreamReader(content), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = options.Delimiter, BadDataFound = null });
        if (!ReadRow())
        {
            throw new CliException(ExitCode.Usage, "The file is empty: a CSV begins with a header that names its columns.");
        }

        _header = [.. _csv.Record!];
        if (options.Identifier is null)
        {
            throw new CliException(ExitCode.Usage, $"Say which column names the people, with --id, --email or --cio-id. There are: {string.Join(", ", _header)}.");
        }

        _identifier = Column(options.Column!);
        _isEventData = new bool[_header.Length];
        foreach (var column in options.EventColumns)
        {
            _isEventData[Column(column)] = true;
        }
    }

    public bool Read() => ReadRow();

    public void Write(IBufferWriter<byte> output)
    {
        var row = _csv.Record!;
        using (var json = new Utf8JsonWriter(output, PersonJson.Options))
        {
            json.WriteStartObject();
            json.WriteString(_options.Identifier!, row[_identifier]);
            WriteObject(json, "attributes", row, eventData: false);
            if (_options.Event is { } name)
            {
                json.WriteStartObject("event");
                json.WriteString("name", name);
                if (_options.EventColumns.Count > 0)
                {
                    WriteObject(json, "data", row, eventData: true);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public void Dispose() => _csv.Dispose();

    private bool ReadRow()
    {
        try
        {
            while (_csv.Read())
            {
                if (_header is null || _csv.Count == _header.Length)
                {
                    return true;
                }

                throw new CliException(
                    ExitCode.Usage,
                    $"Line {_csv.RawRow} of the file has {_csv.Count} cells, and its header {_header.Length}. Mend it (a comma in a cell needs quotes around the cell), or give the --delimiter.");
            }

            return false;
        }
        catch (CsvHelperException exception)
        {
            throw new CliException(ExitCode.Usage, $"Line {_csv.RawRow} of the file is no CSV: {exception.Message.Split('\n')[0]}");
        }
    }

    private int Column(string name) => Array.IndexOf(_header, name) is >= 0 and var column
        ? column
        : throw new CliException(ExitCode.Usage, $"There is no column '{name}'. There are: {string.Join(", ", _header)}.");

    private void WriteObject(Utf8JsonWriter json, string member, string[] row, bool eventData)
    {
        json.WriteStartObject(member);
        for (var i = 0; i < row.Length; i++)
        {
            if (i != _identifier && _isEventData[i] == eventData && (row[i].Length > 0 || _options.KeepEmpty))
            {
                json.WritePropertyName(_header[i]);
                WriteValue(json, row[i]);
            }
        }

        json.WriteEndObject();
    }

    private void WriteValue(Utf8JsonWriter json, string cell)
    {
        if (_options.InferTypes && cell is "true" or "false")
        {
            json.WriteBooleanValue(cell == "true");
        }
        else if (_options.InferTypes && PersonJson.IsNumber(cell))
        {
            json.WriteRawValue(cell);
        }
        else
        {
            json.WriteStringValue(cell);
        }
    }
}
