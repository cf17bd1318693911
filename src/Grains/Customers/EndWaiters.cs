namespace CioOrleans.Grains.Customers;

/// <summary>The callers that wait for the end of a call of this customer. Not thread-safe.</summary>
internal sealed class EndWaiters
{
    private readonly Dictionary<Ulid, TaskCompletionSource> _waiters = [];

    public bool IsEmpty => _waiters.Count == 0;

    /// <summary>A task that completes when the call has ended in this activation. All callers that wait for one call share it.</summary>
    public Task Add(Ulid callId)
    {
        if (!_waiters.TryGetValue(callId, out var end))
        {
            end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(callId, end);
        }

        return end.Task;
    }

    public void Remove(Ulid callId) => _waiters.Remove(callId);

    public void OnEnded(Ulid callId)
    {
        if (_waiters.Remove(callId, out var end))
        {
            end.SetResult();
        }
    }
}
