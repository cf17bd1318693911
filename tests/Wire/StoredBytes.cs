namespace CioOrleans.Wire.Tests;

/// <summary>wire.txt: a name and bytes in base64 a line, as an earlier version wrote them. Lines are added and never changed.</summary>
internal static class StoredBytes
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = Read();

    private static Dictionary<string, byte[]> Read()
    {
        using var stream = typeof(StoredBytes).Assembly.GetManifestResourceStream("wire.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => Convert.FromBase64String(parts[1]));
    }
}
