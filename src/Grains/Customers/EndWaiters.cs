namespace CioOrleans.Grains.Customers;

/// <summary>The callers that wait for the end of a call of this customer. Not thread-safe.</summary>
internal sealed class EndWaiters
{
    // Null for nearly every customer.
    private Dictionary<Ulid, TaskCompletionSource>? _waiters;

    /// <summary>A task that completes when the call has ended in this activation. All callers that wait for one call share it.</summary>
    public Task Add(Ulid callId)
    {
        _waiters ??= [];
        if (!_waiters.TryGetValue(callId, out var end))
        {
            end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(callId, end);
        }

        return end.Task;
    }

    /// <summary>Forgets the callers that wait for a call.</summary>
    public void Remove(Ulid callId) => Take(callId);

    /// <summary>A call has ended.</summary>
    public void OnEnded(Ulid callId) => Take(callId)?.SetResult();

    private TaskCompletionSource? Take(Ulid callId)
    {
        if (_waiters is null || !_waiters.Remove(callId, out var end))
        {
            return null;
        }

        _waiters = _waiters.Count == 0 ? null : _waiters;
        return end;
    }
}
