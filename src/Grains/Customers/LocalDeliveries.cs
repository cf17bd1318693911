namespace CioOrleans.Grains.Customers;

/// <summary>
/// The deliveries that run on this silo. Before a silo stops, it lets them end and refuses new ones while it can still answer. The owner then knows for certain
/// that nothing was sent, and does not wait for a time-out. Safe for use from all threads.
/// </summary>
public sealed class LocalDeliveries
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _isStopping;

    /// <summary>Begins a delivery. False once the silo is stopping; otherwise <see cref="End"/> must follow.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            _running += _isStopping ? 0 : 1;
            return !_isStopping;
        }
    }

    /// <summary>A delivery has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_running == 0 && _isStopping)
            {
                _ended.TrySetResult();
            }
        }
    }

    /// <summary>Refuses new deliveries. The task ends with the last running delivery, at its time-out at the latest.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopping = true;
            if (_running == 0)
            {
                _ended.TrySetResult();
            }

            return _ended.Task;
        }
    }
}
