using System.Text.Json;
using CioOrleans.Cli.Connection;

namespace CioOrleans.Cli.Imports;

/// <summary>The state of an import, which is kept in a file, so that the import can continue.</summary>
internal sealed record ImportState
{
    /// <summary>The import's id at the dispatcher.</summary>
    public required string Import { get; init; }

    /// <summary>The mark of the file when the import began. It shows whether the file has changed.</summary>
    public required FileMark File { get; init; }

    /// <summary>The options with which the rows are read, as on the command line.</summary>
    public required string Reading { get; init; }

    /// <summary>How many rows from the start of the file were accepted or refused.</summary>
    public long Done { get; init; }

    /// <summary>How many of these rows were refused.</summary>
    public long Refused { get; init; }

    public static ImportState? Load(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = System.IO.File.OpenRead(path);
            return JsonSerializer.Deserialize(file, CliJson.Default.ImportState);
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Usage, $"{path} is not what an import wrote there. Move it away, or name another file with --state.");
        }
    }

    /// <summary>Writes the state. A process that is killed meanwhile leaves the old state.</summary>
    public void Save(string path)
    {
        var draft = path + ".new";
        using (var file = PrivateFile.Open(draft, FileMode.Create))
        {
            JsonSerializer.Serialize(file, this, CliJson.Default.ImportState);
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, path, overwrite: true);
    }
}

/// <summary>Identifies the content of a file, to notice a change.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="Sha256">The hash of the content, in hexadecimal digits.</param>
/// <param name="Rows">The number of people.</param>
internal sealed record FileMark(long Length, string Sha256, long Rows);
