using CioOrleans.Customers;
using CioOrleans.Workspaces;

namespace CioOrleans.Client.Operating;

/// <summary>Replays one dead letter.</summary>
public static class DeadLetterReplay
{
    /// <summary>Puts a dead letter at the end of its customer's queue.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="deadlines">The deadline after which no replay can happen.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="letter">The id of the dead letter.</param>
    public static async ValueTask<ReplayResult> RunAsync(IGrainFactory grains, AcceptDeadlines deadlines, string workspace, Ulid letter)
    {
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return new ReplayResult.Unavailable(AcceptDeadlines.NoClock.Reason, AcceptDeadlines.NoClock.RetryAfter);
        }

        try
        {
            return await grains.GetGrain<IDeadLetterGrain>(workspace).Replay(letter, deadline);
        }
        catch
        {
            // The call may have been replayed, or may still be on its way to the grain. Answer only after the deadline, when no replay can happen any
            // more.
            await deadlines.WaitUntilPassedAsync(deadline);
            throw;
        }
    }
}
