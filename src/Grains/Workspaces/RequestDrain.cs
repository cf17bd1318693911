namespace CioOrleans.Grains.Workspaces;

/// <summary>The end of an owner in good order: once it has begun, nothing new is granted, and it waits until nothing is in flight. Not thread-safe.</summary>
/// <param name="countInFlight">The number of requests in flight.</param>
internal sealed class RequestDrain(Func<int> countInFlight)
{
    private TaskCompletionSource? _drained;

    /// <summary>Whether the drain has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins the drain.</summary>
    public void Begin() => HasBegun = true;

    /// <summary>Waits until nothing is in flight.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether nothing is in flight; false if the wait ended before.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        if (countInFlight() > 0)
        {
            _drained ??= new TaskCompletionSource();
            await _drained.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return countInFlight() == 0;
    }

    /// <summary>A request may have ended. Ends the wait if it was the last.</summary>
    public void OnRequestEnded()
    {
        if (countInFlight() == 0)
        {
            _drained?.TrySetResult();
        }
    }
}
