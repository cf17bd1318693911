namespace CioOrleans.Cli.Importing;

/// <summary>How a file's rows become people.</summary>
/// <param name="Identifier">id, email or cio_id; null where lines of JSON name their people themselves.</param>
/// <param name="Column">The column that holds it.</param>
/// <param name="Event">An event to track for everybody; null for none.</param>
/// <param name="EventColumns">The columns that are the event's data, and no attributes.</param>
/// <param name="InferTypes">Whether numbers and true and false of a CSV are sent as such and not as text.</param>
/// <param name="KeepEmpty">Whether an empty cell of a CSV sets an empty text, and not nothing.</param>
/// <param name="Delimiter">Between the cells of a CSV.</param>
internal sealed record ReadingOptions(
    string? Identifier, string? Column, string? Event, IReadOnlyList<string> EventColumns, bool InferTypes, bool KeepEmpty, string Delimiter)
{
    /// <summary>Two imports of one file that differ in this are different imports.</summary>
    public string Describe() => string.Join(
        ' ',
        new[]
        {
            Identifier is null ? null : $"--{Identifier.Replace('_', '-')} {Column}",
            Event is null ? null : $"--event {Event}",
            EventColumns.Count == 0 ? null : $"--event-data {string.Join(',', EventColumns)}",
            InferTypes ? "--infer-types" : null,
            KeepEmpty ? "--keep-empty" : null,
            Delimiter == "," ? null : $"--delimiter {Delimiter}",
        }.OfType<string>());
}
