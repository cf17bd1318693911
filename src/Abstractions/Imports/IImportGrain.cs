using Orleans.Concurrency;

namespace CioOrleans.Imports;

/// <summary>The progress of one import (key: made by <see cref="Addressing.GrainKeys"/>). It holds counts, no personal data.</summary>
[Alias("cio.IImportGrain")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Stores the totals of one source. A report may be repeated or arrive late, because counts are totals.</summary>
    /// <param name="source">Names the process that counts; new for every run of a process.</param>
    /// <param name="counts">The source's totals of this import.</param>
    /// <param name="rows">The number of people in the import; null if the source does not know it.</param>
    /// <returns>The progress over all sources.</returns>
    [Alias("Report"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ImportStatus> Report(string source, ImportCounts counts, long? rows);

    /// <summary>The progress of the import; null if no source has reported it.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<ImportStatus?> GetStatus();
}
