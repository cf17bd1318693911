namespace CioOrleans.Imports;

/// <summary>An import of a workspace.</summary>
public readonly record struct ImportAddress(string Workspace, Ulid Import)
{
    /// <summary>Callers choose the ids of imports, and a ULID's hash code has no seed. A string's hash code has one.</summary>
    public override int GetHashCode() => string.GetHashCode(Import.ToString(), StringComparison.Ordinal);
}
