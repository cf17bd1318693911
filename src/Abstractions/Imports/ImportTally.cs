using CioOrleans.Addressing;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Imports;

/// <summary>
/// This process's counts of imports. A grain call for each counted call would be too many, so each import's grain gets the totals a few times a second. Safe
/// for use from all threads.
/// </summary>
public sealed partial class ImportTally(IGrainFactory grains, GrainKeys keys, TimeProvider time, ILogger<ImportTally> logger)
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(250);

    /// <summary>An import whose counts have not changed for this time is removed here. If it goes on, it is counted as another source.</summary>
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<ImportAddress, Entry> _entries = [];
    private bool _isScheduled;

    public void Add(ImportAddress import, ImportCounts counts, long? rows = null)
    {
        lock (_lock)
        {
            var entry = EntryOf(import);
            entry.Counts += counts;
            entry.Rows = rows ?? entry.Rows;
            entry.ChangedAt = time.GetTimestamp();
            entry.IsDirty = true;
            if (!_isScheduled)
            {
                _isScheduled = true;

                // Not on the task scheduler of the grain that has counted.
                _ = Task.Run(ReportLaterAsync);
            }
        }
    }

    /// <summary>Reports the totals now, and returns the progress of the import.</summary>
    public async ValueTask<ImportStatus> ReportAsync(ImportAddress import)
    {
        string source;
        ImportCounts counts;
        long? rows;
        lock (_lock)
        {
            var entry = EntryOf(import);
            (source, counts, rows) = (entry.Source, entry.Counts, entry.Rows);
            entry.IsDirty = false;
        }

        try
        {
            return await grains.GetImport(keys, import).Report(source, counts, rows);
        }
        catch
        {
            lock (_lock)
            {
                EntryOf(import).IsDirty = true;
            }

            throw;
        }
    }

    private Entry EntryOf(ImportAddress import)
    {
        if (!_entries.TryGetValue(import, out var entry))
        {
            _entries.Add(import, entry = new Entry { ChangedAt = time.GetTimestamp() });
        }

        return entry;
    }

    private async Task ReportLaterAsync()
    {
        ImportAddress[] dirty;
        do
        {
            await Task.Delay(_every, time);
            dirty = FindDirty();
            foreach (var import in dirty)
            {
                try
                {
                    await ReportAsync(import);
                }
                catch (Exception exception)
                {
                    LogNotReported(logger, import.Workspace, exception);
                }
            }
        }
        while (dirty.Length > 0);
    }

    /// <summary>Finds the imports whose totals are to be reported, and forgets those that have not changed for long. Where none is found, the reports end.</summary>
    private ImportAddress[] FindDirty()
    {
        lock (_lock)
        {
            foreach (var (import, entry) in _entries.Where(e => !e.Value.IsDirty && time.GetElapsedTime(e.Value.ChangedAt) > _memory).ToArray())
            {
                _entries.Remove(import);
            }

            ImportAddress[] dirty = [.. _entries.Where(entry => entry.Value.IsDirty).Select(entry => entry.Key)];
            _isScheduled = dirty.Length > 0;
            return dirty;
        }
    }

    private sealed class Entry
    {
        public string Source { get; } = Ulid.NewUlid().ToString();

        public ImportCounts Counts { get; set; }

        public long? Rows { get; set; }

        public long ChangedAt { get; set; }

        public bool IsDirty { get; set; }
    }
}
