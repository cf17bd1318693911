using System.Security.Cryptography;

namespace CioOrleans.Cli.Imports;

/// <summary>Opens files of people.</summary>
internal static class PeopleFile
{
    private static readonly string[] _jsonLines = [".jsonl", ".ndjson"];

    /// <summary>Opens a file of people: JSON lines if its name ends with <c>.jsonl</c> or <c>.ndjson</c>, otherwise CSV.</summary>
    public static IPeopleFile Open(Stream content, string path, ReadingOptions options) =>
        _jsonLines.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? new JsonPeople(content, options) : new CsvPeople(content, options);

    /// <summary>Reads the whole file once, so that its errors are found before anything is sent.</summary>
    public static FileMark Measure(string path, ReadingOptions options)
    {
        using var hash = SHA256.Create();
        var rows = 0L;
        using (var file = OpenRead(path))
        {
            var length = file.Length;
            using var hashed = new CryptoStream(file, hash, CryptoStreamMode.Read);
            using var people = Open(hashed, path, options);
            while (people.Read())
            {
                rows++;
            }

            // The hash also covers the bytes after the last row.
            hashed.CopyTo(Stream.Null);
            return new FileMark(length, Convert.ToHexStringLower(hash.Hash!), rows);
        }
    }

    public static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { BufferSize = 128 * 1024, Options = FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}");
        }
    }
}
