namespace CioOrleans.Grains.Customers;

/// <summary>Callers that wait until every call accepted before theirs has been delivered.</summary>
internal sealed class AcceptedMarks
{
    // None for nearly every customer, of whom there are a hundred thousand.
    private List<(long Sequence, TaskCompletionSource Reached)>? _marks;
    private long _ended;

    /// <summary>A task that ends once every call up to <paramref name="sequence"/> has ended.</summary>
    public Task Add(long sequence)
    {
        if (sequence <= _ended)
        {
            return Task.CompletedTask;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_marks ??= []).Add((sequence, reached));
        return reached.Task;
    }

    /// <summary>The call of <paramref name="sequence"/> has ended, and so has every one before it.</summary>
    public void OnEnded(long sequence)
    {
        _ended = Math.Max(_ended, sequence);
        Reach(sequence);
    }

    /// <summary>No call waits. Reaches all marks: the call of a mark may never have been stored.</summary>
    public void OnEmpty() => Reach(long.MaxValue);

    /// <summary>Forgets a caller that has stopped waiting.</summary>
    public void Remove(Task reached) => _marks?.RemoveAll(mark => mark.Reached.Task == reached);

    private void Reach(long sequence)
    {
        for (var i = (_marks?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (_marks![i].Sequence <= sequence)
            {
                _marks[i].Reached.TrySetResult();
                _marks.RemoveAt(i);
            }
        }
    }
}
