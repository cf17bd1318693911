using System.Diagnostics.CodeAnalysis;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// One customer's queue as its grain sees it: the next sequence, and a window of the calls at the head. What follows the
/// window is in the outbox alone.
/// Invariants: the window holds every stored call from the head up to <see cref="WindowEnd"/>, in order. <see cref="HasTail"/> is false only
/// after a read has proved that no row follows the window, and nothing has happened since the read began that may have added one.
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

    // Sequences that were given out and whose writes have not ended, ascending. Null for nearly every customer.
    private List<long>? _underWay;
    private long _lastSequence;
    private long _windowEnd;

    // Raised by whatever may have put a row behind the window: a load proves nothing about rows that came after it began.
    private long _tailChanges;

    // Raised whenever the queue becomes uncertain.
    private int _doubts;

    // Raised whenever the window is dropped: the result of a load that began earlier does not continue the window.
    private int _drops;

    // The outbox may hold rows in front of the window's end that are not in the window. True until the queue is read the first time.
    private bool _isUncertain = true;

    // The head that was read first after the window was dropped. A twin that was frozen may still store how its own attempt of this call ended.
    private long _firstRead;
    private bool _isFirstReadNext = true;

    // The workspace's owner was told of work here, and of no empty queue since.
    private bool _isOwnerTold;

    /// <summary>Tells this activation from its twins.</summary>
    public Guid Activation => activation;

    /// <summary>Whether the queue was read, so that the next sequence is known.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether no call waits. False wherever that is not certain.</summary>
    public bool IsEmpty => _window.Count == 0 && !HasTail;

    /// <summary>Whether writes of calls are under way.</summary>
    public bool IsWriting => _underWay is not null;

    /// <summary>How many calls are in memory.</summary>
    public int InMemory => _window.Count;

    /// <summary>The last sequence that was given out.</summary>
    public long LastSequence => _lastSequence;

    /// <summary>Whether stored calls may follow the window.</summary>
    public bool HasTail { get; private set; } = true;

    /// <summary>
    /// The dead letter that holds the queue, as the last load has found it; null if none does. Valid while a call is in the window or the queue is empty. Then
    /// the queue was read after this activation's last dead letter, and after the last permit of another activation.
    /// </summary>
    public HeldCall? Held { get; private set; }

    /// <summary>The sequence of the last call that was in the window; 0 if the window was dropped.</summary>
    public long WindowEnd => _windowEnd;

    /// <summary>Gives out the next sequence. Calls keep the order in which this was called. Only once the queue <see cref="IsKnown"/>.</summary>
    public long Reserve()
    {
        (_underWay ??= []).Add(++_lastSequence);
        return _lastSequence;
    }

    public bool TryPeek([NotNullWhen(true)] out QueuedCall? head) => _window.TryPeek(out head);

    /// <summary>Whether the window is empty while calls may wait behind it.</summary>
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

    /// <summary>A call is stored. True when the workspace may not know that this customer has work.</summary>
    public bool OnStored(long sequence, Call call)
    {
        var isOldest = EndWrite(sequence);
        var isNews = !_isOwnerTold;
        _isOwnerTold = true;

        // Commits are in the order of their sequences, so a load that has brought a later row has brought this one. While an earlier write is
        // under way, its row may have to stand in front of this one.
        if (sequence > _windowEnd && (HasTail || !isOldest || _window.Count >= WindowCalls || !TryAdd(new QueuedCall(sequence, call))))
        {
            OnTailMayGrow();
        }

        return isNews;
    }

    /// <summary>The workspace is told that no call waits: the next one that is stored is news.</summary>
    public void OnReportedEmpty() => _isOwnerTold = false;

    /// <summary>A call was not stored, as far as is known.</summary>
    public void OnNotStored(long sequence)
    {
        EndWrite(sequence);
        OnUncertain();
    }

    /// <summary>
    /// The outbox may hold rows, or have lost rows, that this queue does not know of: a write that was reported as failed may have been stored,
    /// and a twin of the grain may have stored and delivered calls. The queue is read again, from its beginning.
    /// </summary>
    public void OnUncertain()
    {
        _isUncertain = true;
        _doubts++;
        OnTailMayGrow();
    }

    /// <summary>
    /// The head may be sent. Where this activation was not the last to deliver for its customer, or the queue is uncertain, what is in memory
    /// may have left: it is read again. All that others have delivered, the one call whose end may still be on its
    /// way to the store aside, was stored before the permit was granted; so no call is sent after one that stood behind it.
    /// Not while the head is on its way, or has ended and that is not stored.
    /// </summary>
    /// <param name="lastActivation">From the permit.</param>
    public void OnPermit(Guid lastActivation)
    {
        _isOwnerTold = true;
        if (lastActivation != activation || _isUncertain || Held is not null)
        {
            Drop();
        }
    }

    /// <summary>A load begins. Loads may overlap.</summary>
    /// <returns>Says from where to read; to be given to <see cref="OnLoaded"/>.</returns>
    public QueueLoad OnLoadStarted()
    {
        if (_isUncertain && _window.Count == 0 && _windowEnd > 0)
        {
            Drop();
        }

        return new QueueLoad(_windowEnd, _tailChanges, _doubts, _drops);
    }

    /// <summary>Takes a load's result.</summary>
    /// <param name="queue">What was read from behind <see cref="QueueLoad.After"/>, in a snapshot taken after the load began.</param>
    /// <param name="load">From <see cref="OnLoadStarted"/>.</param>
    public void OnLoaded(CustomerQueue queue, QueueLoad load)
    {
        IsKnown = true;
        _lastSequence = Math.Max(_lastSequence, queue.LastSequence);
        if (load.Drops != _drops)
        {
            return;
        }

        Held = queue.Held;
        foreach (var row in queue.Rows)
        {
            if (row.Sequence > _windowEnd)
            {
                Add(QueuedCall.From(row));
            }
        }

        if (_isFirstReadNext && _window.TryPeek(out var head))
        {
            _firstRead = head.Sequence;
            _isFirstReadNext = false;
        }

        var reached = queue.Rows.Count > 0 ? queue.Rows[^1].Sequence : load.After;
        if (reached < _windowEnd)
        {
            // An overlapping load, or a store since, has brought more than this load has seen.
            return;
        }

        if (load.After > 0 && queue.Rows.Count == 0)
        {
            // No row follows where the window ended. That the queue is empty is proved by a read from its beginning only.
            Drop();
            return;
        }

        HasTail = queue.HasMore || load.TailChanges != _tailChanges;
        _isUncertain &= load.After > 0 || load.Doubts != _doubts;
    }

    /// <summary>The end of the head is stored: it was delivered, or is a dead letter. It leaves the queue.</summary>
    public QueuedCall Dequeue()
    {
        var head = _window.Dequeue();
        budget.Give(head.Size);
        return head;
    }

    /// <summary>A dead letter of this queue was stored, put back or released: the queue is read again, from its beginning.</summary>
    public void OnHoldChanged() => Drop();

    /// <summary>
    /// Whether a twin may have stored meanwhile that a call, which this activation has ended, became a dead letter that holds the queue. A twin has at most one
    /// end that is not stored: of the call that was the head when this activation read the queue.
    /// </summary>
    public bool MayBeHeldAt(long sequence) => sequence == _firstRead;

    /// <summary>Reads the queue again behind such a call. Its end is stored, so a hold that is not found now comes no more.</summary>
    public void ReadAgain()
    {
        Drop();
        _isFirstReadNext = false;
        _firstRead = 0;
    }

    /// <summary>
    /// Calls of this queue were removed from the store, wherever they stood: what is in memory is forgotten and read again, and so is what a load
    /// that is under way will bring.
    /// </summary>
    /// <param name="keepsHead">The head is in flight and stays.</param>
    public void OnDiscarded(bool keepsHead)
    {
        var head = keepsHead && _window.TryDequeue(out var first) ? first : null;
        Drop();
        if (head is not null)
        {
            Enqueue(head);
        }
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

    private void OnTailMayGrow()
    {
        HasTail = true;
        _tailChanges++;
    }

    /// <summary>The next load reads the queue from its beginning.</summary>
    private void Drop()
    {
        Release();
        Held = null;
        _isFirstReadNext = true;
        _windowEnd = 0;
        HasTail = true;
        _drops++;
    }

    /// <summary>True when no write of a smaller sequence is under way.</summary>
    private bool EndWrite(long sequence)
    {
        var place = _underWay?.BinarySearch(sequence) ?? -1;
        if (place >= 0)
        {
            _underWay!.RemoveAt(place);
            if (_underWay.Count == 0)
            {
                _underWay = null;
            }
        }

        return place <= 0;
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

/// <summary>What a load of a <see cref="CallQueue"/> must know of its beginning.</summary>
/// <param name="After">The rows behind this sequence are read.</param>
/// <param name="TailChanges">How often the tail may have grown until then.</param>
/// <param name="Doubts">How often the queue had become uncertain until then.</param>
/// <param name="Drops">How often the window had been dropped until then.</param>
internal readonly record struct QueueLoad(long After, long TailChanges, int Doubts, int Drops);
