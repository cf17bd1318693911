using CioOrleans.Imports;

namespace CioOrleans.Operating;

/// <summary>A page of a workspace's imports.</summary>
/// <param name="Imports">Those that began last first.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.ImportList")]
public sealed record ImportList([property: Id(0)] IReadOnlyList<ImportSummary> Imports, [property: Id(1)] Ulid? Next);

/// <summary>The stored progress of an import.</summary>
/// <param name="Id">The import's id.</param>
/// <param name="StartedAt">When its first report arrived (UTC).</param>
/// <param name="Rows">The number of people in the import; null if no source knows it.</param>
/// <param name="Counts">The counts over all sources.</param>
[GenerateSerializer, Immutable, Alias("cio.ImportSummary")]
public sealed record ImportSummary(
    [property: Id(0)] Ulid Id,
    [property: Id(1)] DateTimeOffset StartedAt,
    [property: Id(2)] long? Rows,
    [property: Id(3)] ImportCounts Counts);
