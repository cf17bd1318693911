namespace CioOrleans.EndToEnd;

/// <summary>A folder for one test's data.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cio-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
