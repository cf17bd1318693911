namespace CioOrleans.Client.Imports;

/// <summary>Options of an import.</summary>
public sealed record ImportOptions
{
    /// <summary>The id under which the progress can be read (default: a new one). Use one id for all parts of an import, and for its repeats.</summary>
    public Ulid? Id { get; init; }

    /// <summary>The number of people in the import; 1 or more. Without it, the expected end covers only calls that are accepted (default: unknown).</summary>
    public long? Rows { get; init; }
}
