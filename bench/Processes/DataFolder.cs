namespace CioOrleans.Bench.Processes;

/// <summary>A folder for one scenario's data, on the disk of the temporary files.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cio-bench-").FullName;

    public string Database => System.IO.Path.Combine(Path, "cio.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
