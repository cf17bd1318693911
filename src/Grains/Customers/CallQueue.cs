using System.Diagnostics.CodeAnalysis;
using CioOrleans.Calls;
using CioOrleans.Outbox;

namespace CioOrleans.Customers;

/// <summary>
/// One customer's queue as its grain sees it: the next sequence, and a window of the calls at the head. What lies behind the
/// window stands in the outbox alone.
/// Invariant: the window holds every stored call from the head up to <c>_windowEnd</c>, in order; if <see cref="HasTail"/> is
/// false, that is all there is.
/// </summary>
/// <param name="budget">What it may hold in memory.</param>
/// <param name="activation">Tells its grain's activation from twins, predecessors and successors.</param>
internal sealed class CallQueue(PayloadBudget budget, Guid activation)
{
    /// <summary>The most calls that are kept in memory.</summary>
    public const int WindowCalls = 16;

    /// <summary>The most bytes that one load brings into memory, the first call aside.</summary>
    public const int WindowBytes = 64 * 1024;

    private readonly Queue<QueuedCall> _window = new();
    private long _lastSequence;
    private long _windowEnd;
    private int _loads;
    private int _forgotten;
    private bool _grewDuringLoad;
    private bool _isUncertain;

    /// <summary>Tells this activation from its twins.</summary>
    public Guid Activation => activation;

    /// <summary>Stored calls that wait, in memory or not.</summary>
    public long Waiting { get; private set; }

    /// <summary>The last place that was given out.</summary>
    public long LastSequence => _lastSequence;

    /// <summary>Whether stored calls follow behind the window.</summary>
    public bool HasTail { get; private set; }

    /// <summary>From behind which sequence a load must read.</summary>
    public long WindowEnd => _windowEnd;

    /// <summary>Gives out the next place in the queue. Calls keep the order in which this was called.</summary>
    public long Reserve() => ++_lastSequence;

    public bool TryPeek([NotNullWhen(true)] out QueuedCall? head) => _window.TryPeek(out head);

    /// <summary>Whether the window is empty while calls wait behind it.</summary>
    public bool NeedsLoad => _window.Count == 0 && HasTail;

    /// <summary>Finds a call in the window.</summary>
    public QueuedCall? Find(Func<Call, bool> predicate)
    {
        foreach (var queued in _window)
        {
            if (predicate(queued.Call))
            {
                return queued;
            }
        }

        return null;
    }

    /// <summary>A call is stored. True when it is the only one, so that somebody must be told that there is work.</summary>
    public bool OnStored(long sequence, Call call)
    {
        // A load that began after the commit has already brought it, and counted it.
        if (sequence <= _windowEnd)
        {
            return false;
        }

        Waiting++;
        if (_loads > 0)
        {
            _grewDuringLoad = true;
            return false;
        }

        var isHead = _window.Count == 0 && (!HasTail || _isUncertain);
        if (HasTail || _window.Count >= WindowCalls || !TryAdd(new QueuedCall(sequence, call)))
        {
            HasTail = true;
        }

        return isHead;
    }

    /// <summary>
    /// A call was not stored, as far as is known. It may have been after all, and while the store was away a twin of the grain may have
    /// stored others, and delivered some: what this queue holds in memory cannot be relied on until it was read again.
    /// </summary>
    public void OnNotStored()
    {
        HasTail = true;
        _isUncertain = true;
        _grewDuringLoad |= _loads > 0;
    }

    /// <summary>
    /// The head may be sent. Where this activation was not the last to deliver for its customer, or a write has failed since the queue was
    /// read, what is in memory may have left: it is read again. All that others have delivered, the one call whose end may still be on its
    /// way to the store aside, was stored before the permit was granted; so no call is sent after one that stood behind it.
    /// Not while the head is on its way, or has ended and that is not stored.
    /// </summary>
    /// <param name="lastActivation">From the permit.</param>
    public void OnPermit(Guid lastActivation)
    {
        if (lastActivation == activation && (!_isUncertain || _loads > 0))
        {
            return;
        }

        Release();
        _forgotten++;
        _windowEnd = 0;
        HasTail = true;
    }

    /// <summary>A load has begun: what is stored from now on may or may not be in its result.</summary>
    /// <returns>To be given to <see cref="OnLoaded"/>.</returns>
    public int OnLoadStarted()
    {
        _loads++;
        _grewDuringLoad = false;
        return _forgotten;
    }

    public void OnLoadFailed() => _loads--;

    /// <summary>Takes a load's result.</summary>
    /// <param name="queue">What was read from behind <see cref="WindowEnd"/>.</param>
    /// <param name="load">From <see cref="OnLoadStarted"/>.</param>
    public void OnLoaded(CustomerQueue queue, int load)
    {
        _loads--;
        if (load != _forgotten)
        {
            // It continues a window that is not there any more.
            return;
        }

        foreach (var row in queue.Rows)
        {
            if (row.Sequence > _windowEnd)
            {
                Add(QueuedCall.From(row));
            }
        }

        _lastSequence = Math.Max(_lastSequence, queue.LastSequence);
        Waiting = Math.Max(queue.Waiting, _window.Count);
        HasTail = queue.Waiting > _window.Count || _grewDuringLoad;
        _isUncertain &= _grewDuringLoad;

        // Rows wait, and none behind the window's end: a write that was reported as failed had been stored after all, and calls
        // behind it were loaded since. Its caller was told to repeat it, so its place no longer matters; losing it would.
        if (_window.Count == 0 && HasTail && !_grewDuringLoad)
        {
            HasTail = _windowEnd > 0;
            _windowEnd = 0;
        }
    }

    /// <summary>The head is done with: delivered, or a dead letter.</summary>
    public void Dequeue()
    {
        var head = _window.Dequeue();
        budget.Give(head.Size);
        Waiting--;
    }

    /// <summary>Gives back what the window holds of the budget.</summary>
    public void Release()
    {
        foreach (var queued in _window)
        {
            budget.Give(queued.Size);
        }

        _window.Clear();
    }

    private bool TryAdd(QueuedCall queued)
    {
        if (!budget.TryTake(queued.Size))
        {
            return false;
        }

        Enqueue(queued);
        return true;
    }

    private void Add(QueuedCall queued)
    {
        budget.Take(queued.Size);
        Enqueue(queued);
    }

    private void Enqueue(QueuedCall queued)
    {
        _window.Enqueue(queued);
        _windowEnd = queued.Sequence;
    }
}
