namespace CioOrleans.Cli.Imports;

/// <summary>The options with which a file's rows become people.</summary>
/// <param name="Identifier"><c>id</c>, <c>email</c> or <c>cio_id</c>; null if the lines have the form of <c>/bulk/identify</c>.</param>
/// <param name="Column">The column that holds the identifier; null if there is no identifier.</param>
/// <param name="Event">The name of an event to track for every person; null for none.</param>
/// <param name="EventColumns">The columns that become the event's data instead of attributes.</param>
/// <param name="InferTypes">True if numbers, true and false of a CSV are sent with their types instead of as text.</param>
/// <param name="KeepEmpty">True if an empty cell of a CSV sets an empty text; false if it sets nothing.</param>
/// <param name="Delimiter">The text between the cells of a CSV.</param>
internal sealed record ReadingOptions(
    string? Identifier, string? Column, string? Event, IReadOnlyList<string> EventColumns, bool InferTypes, bool KeepEmpty, string Delimiter)
{
    /// <summary>The options as on the command line. An import can continue only with the same options.</summary>
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
