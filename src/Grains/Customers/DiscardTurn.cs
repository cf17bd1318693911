namespace CioOrleans.Grains.Customers;

/// <summary>
/// The right to discard rows of one customer. One discard runs at a time, and no attempt begins while one runs. Not thread-safe.
/// </summary>
internal sealed class DiscardTurn
{
    private TaskCompletionSource? _running;

    /// <summary>Whether a discard runs.</summary>
    public bool IsTaken => _running is not null;

    /// <summary>Completes when the discard that runs now has ended. Another one may have begun by then: see <see cref="IsTaken"/>.</summary>
    public Task Ended => _running?.Task ?? Task.CompletedTask;

    /// <summary>Waits until no discard runs.</summary>
    public async ValueTask WaitAsync()
    {
        while (_running is { } running)
        {
            await running.Task;
        }
    }

    /// <summary>Waits for the turn and takes it. <see cref="End"/> must follow.</summary>
    public async ValueTask TakeAsync()
    {
        while (_running is { } running)
        {
            await running.Task;
        }

        // No await lies between the end of the loop and here, so one of several that wait gets the turn.
        _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends the turn, and wakes everything that waits for its end.</summary>
    public void End()
    {
        var running = _running ?? throw new InvalidOperationException("No discard runs.");
        _running = null;
        running.SetResult();
    }
}
