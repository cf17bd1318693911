namespace CioOrleans.Importing;

/// <summary>An import of a workspace.</summary>
internal readonly record struct ImportAddress(string Workspace, Ulid Import)
{
    /// <summary>The key of its grain.</summary>
    public string ToGrainKey() => $"{Workspace}/{Import}";

    public static ImportAddress FromGrainKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new ImportAddress(key[..slash], Ulid.Parse(key[(slash + 1)..]));
    }
}
