using System.Text.Json;
using CioOrleans.Cli.Connection;

namespace CioOrleans.Cli.Importing;

/// <summary>How far an import of a file has come, as it is kept beside the file.</summary>
internal sealed record ImportState
{
    /// <summary>Under which its progress can be read at the dispatcher.</summary>
    public required string Import { get; init; }

    /// <summary>The file's length and hash: whether it is still the same.</summary>
    public required FileMark File { get; init; }

    /// <summary>How its rows are read, in the words of the command line.</summary>
    public required string Reading { get; init; }

    /// <summary>Rows that are done with, from the first: accepted or refused.</summary>
    public long Done { get; init; }

    /// <summary>Those of them that were refused.</summary>
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

    /// <summary>Whoever is killed in the middle of this leaves the state as it was before.</summary>
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

/// <summary>What tells a file from a changed one.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Of its content, in hexadecimal digits.</param>
/// <param name="Rows">People in it.</param>
internal sealed record FileMark(long Length, string Sha256, long Rows);
