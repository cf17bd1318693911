namespace CioOrleans.Testing.Processes;

/// <summary>A folder for the files of one test, deleted with it.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cio-test-").FullName;

    /// <summary>The usual name of an outbox's file.</summary>
    public string Database => File("cio.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
