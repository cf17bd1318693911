namespace CioOrleans.Importing;

/// <summary>An import of a workspace.</summary>
internal readonly record struct ImportAddress(string Workspace, Ulid Import)
{
    /// <summary>Callers choose the ids of imports, and the hash code of a ULID has no seed. That of a string has one.</summary>
    public override int GetHashCode() => string.GetHashCode(Import.ToString(), StringComparison.Ordinal);
}
