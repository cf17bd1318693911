namespace CioOrleans.Customers;

/// <summary>Those who wait until a customer's queue has come past where it ended when they came.</summary>
internal sealed class AcceptedMarks
{
    // None for nearly every customer, of whom there are a hundred thousand.
    private List<(long Sequence, TaskCompletionSource Reached)>? _marks;

    /// <summary>A task that ends once every call up to <paramref name="sequence"/> has ended.</summary>
    public Task Add(long sequence)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_marks ??= []).Add((sequence, reached));
        return reached.Task;
    }

    /// <summary>The call at <paramref name="sequence"/> has ended.</summary>
    /// <param name="sequence">Its place.</param>
    /// <param name="isEmpty">Nothing waits behind it: a mark's own call may never have been stored.</param>
    public void OnEnded(long sequence, bool isEmpty)
    {
        if (_marks is null)
        {
            return;
        }

        for (var i = _marks.Count - 1; i >= 0; i--)
        {
            if (isEmpty || _marks[i].Sequence <= sequence)
            {
                _marks[i].Reached.TrySetResult();
                _marks.RemoveAt(i);
            }
        }
    }

    /// <summary>Who waits waits no longer.</summary>
    public void Remove(Task reached) => _marks?.RemoveAll(mark => mark.Reached.Task == reached);
}
