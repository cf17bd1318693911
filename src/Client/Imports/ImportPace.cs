using CioOrleans.Imports;

namespace CioOrleans.Client.Imports;

/// <summary>
/// Keeps an import from running far ahead of its delivery. Calls that are accepted too early only wait, take processor time from delivery, and make forecasts
/// of the end wrong. While nothing is being delivered (a pause, an outage) the import is not held back, and its calls wait in the outbox.
/// </summary>
/// <param name="report">Reports this process's counts and returns the progress of the import.</param>
/// <param name="time">Times the pauses.</param>
/// <param name="mostAhead">The maximum number of accepted calls that wait for delivery.</param>
internal sealed class ImportPace(Func<ValueTask<ImportStatus>> report, TimeProvider time, long mostAhead = ImportPace.DefaultMostAhead)
{
    public const long DefaultMostAhead = 20_000;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    // Starts at 0, so that each part of an import first asks how many calls of the other parts wait.
    private long _room;

    /// <summary>Waits until this number of calls may be accepted.</summary>
    public ValueTask WaitAsync(int calls, CancellationToken cancellation) =>
        (_room -= calls) >= 0 ? ValueTask.CompletedTask : WaitForRoomAsync(cancellation);

    private async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        // Room for a few calls is not enough, because each check costs a grain call.
        while ((_room = await AskAsync()) < mostAhead / 10)
        {
            await Task.Delay(_pause, time, cancellation);
        }
    }

    private async ValueTask<long> AskAsync()
    {
        try
        {
            var status = await report();
            return status.QuietFor >= ImportStatus.Quiet ? mostAhead : mostAhead - status.Waiting;
        }
        catch (Exception)
        {
            // If the progress cannot be read, let the import go on.
            return mostAhead / 10;
        }
    }
}
