namespace CioOrleans.Importing;

/// <summary>
/// Keeps an import from running far ahead of its delivery: what is accepted early only waits, takes the processor from what is being
/// delivered, and makes every forecast of the end wrong. Where nothing is being delivered (a pause, an outage) it holds nobody up:
/// then it is the outbox's turn to wait.
/// </summary>
/// <param name="report">Tells what was counted, and asks how far the import has come.</param>
/// <param name="time">Times the pauses.</param>
/// <param name="mostAhead">So many calls may wait.</param>
internal sealed class ImportPace(Func<ValueTask<ImportStatus>> report, TimeProvider time, long mostAhead = ImportPace.DefaultMostAhead)
{
    public const long DefaultMostAhead = 20_000;

    /// <summary>Nothing has been delivered for so long: nothing is.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    // None at first: parts of one import come one after the other, and each has to ask what waits of the others.
    private long _room;

    /// <summary>Waits until so many calls more may be accepted.</summary>
    public ValueTask WaitAsync(int calls, CancellationToken cancellation) =>
        (_room -= calls) >= 0 ? ValueTask.CompletedTask : WaitForRoomAsync(cancellation);

    private async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            _room = await AskAsync();

            // Not for a handful: each time costs a question.
            if (_room >= mostAhead / 10)
            {
                return;
            }

            await Task.Delay(_pause, time, cancellation);
        }
    }

    private async ValueTask<long> AskAsync()
    {
        try
        {
            var status = await report();
            return status.QuietFor >= Quiet ? mostAhead : mostAhead - status.Waiting;
        }
        catch (Exception)
        {
            // Whoever knows is away for a moment: that is no reason to take nobody.
            return mostAhead / 10;
        }
    }
}
