using CioOrleans.Calls;
using CioOrleans.Imports;

namespace CioOrleans.Grains.Customers;

/// <summary>Counts what became of one customer's calls: in the metrics, and for the import of a call.</summary>
internal sealed class CallTally(QueueHead queueHead)
{
    private readonly CustomerContext _context = queueHead.Context;
    private readonly CallQueue _queue = queueHead.Queue;

    public void Delivered(Call call)
    {
        _context.Metrics.Delivered(call.LimitClass, call.Kind, _context.Time.GetUtcNow() - call.AcceptedAt);
        CountImport(call, new ImportCounts(0, 0, 0, Delivered: 1, 0));
    }

    public void DeadLettered(Call call)
    {
        _context.Metrics.DeadLettered(call.LimitClass, call.Kind);
        CountImport(call, new ImportCounts(0, 0, 0, 0, DeadLetters: 1));
    }

    /// <summary>A dead letter is a waiting call again.</summary>
    public void Replayed(Call call) => CountImport(call, new ImportCounts(0, 0, 0, 0, DeadLetters: -1));

    public void Discarded(Call call)
    {
        _context.Metrics.Discarded(call.LimitClass, call.Kind);
        CountImport(call, new ImportCounts(0, 0, 0, 0, 0, Discarded: 1));
    }

    private void CountImport(Call call, ImportCounts counts)
    {
        if (call.Notes.Import is { } import)
        {
            _context.Imports.Add(new ImportAddress(_context.Settings.Name, import), counts);
            if (_queue.IsEmpty)
            {
                // Most people of an import get no other call soon. A million of them must not stay in memory for minutes.
                queueHead.Leave();
            }
        }
    }
}
