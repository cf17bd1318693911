using Orleans.Concurrency;

namespace CioOrleans.Importing;

/// <summary>The progress of one import (key: made by <see cref="Grains.GrainKeys"/>). It holds counts, never people.</summary>
[Alias("cio.IImportGrain")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Takes what one process has counted. May be repeated and come late: the counts are totals.</summary>
    /// <param name="source">Who counts; another one for every run of a process.</param>
    /// <param name="counts">All that it has counted of this import.</param>
    /// <param name="rows">How many people there are in all, where the source knows.</param>
    /// <returns>The whole, over all sources.</returns>
    [Alias("Report"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<ImportStatus> Report(string source, ImportCounts counts, long? rows);

    /// <summary>How far it has come; null where nobody has heard of it.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<ImportStatus?> GetStatus();
}
