using System.Runtime.CompilerServices;
using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Imports;

namespace CioOrleans.Client.Imports;

/// <summary>Runs imports of the co-hosted API and of the HTTP front-end.</summary>
public sealed class ImportRunner(IGrainFactory grains, GrainKeys keys, ImportTally tally, ImportCallFactory calls, TimeProvider time)
{
    /// <summary>Imports people.</summary>
    /// <param name="import">Which import.</param>
    /// <param name="people">Made with <see cref="Create"/>.</param>
    /// <param name="rows">The number of people; null if it is not known.</param>
    /// <param name="accept">Stores a call of a customer. Does not throw.</param>
    /// <param name="cancellation">Ends the import.</param>
    public IAsyncEnumerable<ImportResult> RunAsync(
        ImportAddress import, IAsyncEnumerable<ImportCalls> people, long? rows, Func<string, Call, ValueTask<AcceptResult>> accept, CancellationToken cancellation)
    {
        tally.Add(import, default, rows);
        var pace = new ImportPace(() => tally.ReportAsync(import), time);
        return new ImportPipeline(accept, pace, counts => tally.Add(import, counts), time).RunAsync(people, cancellation);
    }

    public ImportCalls Create(ImportUser user, ImportAddress import, CallNotes notes) => calls.Create(user, import.Import, notes);

    public async IAsyncEnumerable<ImportCalls> ReadAsync(ImportAddress import, IAsyncEnumerable<ImportUser> users, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var notes = ImportCallFactory.NotesOf(import.Import);
        await foreach (var user in users.WithCancellation(cancellation))
        {
            yield return calls.Create(user, import.Import, notes);
        }
    }

    /// <summary>Reports this process's totals, and returns the progress of the import.</summary>
    public ValueTask<ImportStatus> ReportAsync(ImportAddress import) => tally.ReportAsync(import);

    public ValueTask<ImportStatus?> GetStatusAsync(ImportAddress import) => grains.GetImport(keys, import).GetStatus();
}
