namespace CioOrleans.Importing;

/// <summary>What is told of an import beside its people.</summary>
public sealed record ImportOptions
{
    /// <summary>Under which its progress can be read (default: a new one). Parts that are sent one after the other share it, and so do repeats.</summary>
    public Ulid? Id { get; init; }

    /// <summary>How many people there are in all; 1 or more. Without it, only the end of what has been accepted can be foretold (default: unknown).</summary>
    public long? Rows { get; init; }
}
