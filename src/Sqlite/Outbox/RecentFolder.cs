namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// Moves recent rows to the table of queues once there are many: sorted, so that many rows share a page, and in steps, so that no group waits long. If calls
/// are delivered about as fast as they come in, hardly any row is moved.
/// </summary>
internal sealed class RecentFolder(WriterSession session)
{
    /// <summary>Limits the memory of the index of recent rows, and the time to rebuild it after a crash.</summary>
    private const int Threshold = 50_000;

    private const int StepRows = 2_000;

    private RecentQueue[]? _folding;
    private int _next;
    private long _until;

    public bool IsDue => _folding is not null || session.Recent.Count >= Threshold;

    /// <summary>Moves a step's rows. Called within a transaction.</summary>
    public void Step()
    {
        if (_folding is null)
        {
            _folding = session.Recent.Sorted();
            _next = 0;
            _until = session.LastPosition;
        }

        for (var moved = 0; moved < StepRows && _next < _folding.Length; _next++)
        {
            moved += session.MoveToQueues(_folding[_next]);
        }

        if (_next == _folding.Length)
        {
            session.SetQueuedUntil(_until);
            _folding = null;
        }
    }
}
