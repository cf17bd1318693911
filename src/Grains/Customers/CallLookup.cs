using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Explaining;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Says where one customer's calls are, and waits for their ends. Where the memory of the activation may be wrong the stores decide, because a twin may have
/// stored or ended a call.
/// </summary>
internal sealed class CallLookup(QueueHead queueHead)
{
    private const int Page = 1_000;
    private const int MostLookedAt = 100_000;
    private const int MostCounted = 100_000;

    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallQueue _queue = queueHead.Queue;

    /// <summary>The waiting calls of the customer, and why the head waits.</summary>
    public async ValueTask<CustomerStatus> GetStatusAsync()
    {
        await queueHead.EnsureAsync();
        var waiting = await _context.Outbox.CountQueueAsync(_address, MostCounted);
        var status = _queue.TryPeek(out var head)
            ? new CustomerStatus(waiting, head.Call.Id, head.State, head.LastError, head.Call.AcceptedAt, queueHead.IsSending)
            : new CustomerStatus(waiting, null, HeadState.Empty, null, null, queueHead.IsSending);
        return status with { Held = _queue.Held };
    }

    /// <summary>A call's place in the queue; null if it is not found there.</summary>
    /// <param name="callId">Null for the head.</param>
    public async ValueTask<CallPlace?> FindCallAsync(Ulid? callId)
    {
        // From the outbox: the window may be empty, and changes while this reads.
        long after = 0;
        for (long ahead = 0; ahead < MostLookedAt;)
        {
            var page = await _context.Outbox.ReadQueueAsync(_address, after, Page, CallQueue.WindowBytes);
            foreach (var row in page.Rows)
            {
                if (callId is null || row.Call.Id == callId)
                {
                    return PlaceOf(ahead, row.Call);
                }

                ahead++;
                after = row.Sequence;
            }

            if (page.Rows.Count == 0)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Waits until every call accepted before has ended. False if that takes longer than <paramref name="patience"/>.</summary>
    public async ValueTask<bool> WaitUntilDeliveredAsync(TimeSpan patience)
    {
        // Made before the read, so that it knows of the calls that end meanwhile.
        var marks = queueHead.Marks;

        // From the outbox, which knows what a twin of this grain has accepted.
        var stored = await _context.Outbox.ReadQueueAsync(_address, afterSequence: 0, maxRows: 1, maxBytes: 1);
        if (stored.Rows.Count == 0)
        {
            return true;
        }

        if (stored.LastSequence > _queue.LastSequence && _queue.IsKnown)
        {
            _queue.OnUncertain();
        }

        var reached = marks.Add(stored.LastSequence);
        queueHead.ReachMarksIfEmpty();
        try
        {
            await reached.WaitAsync(patience, _context.Time);
            return true;
        }
        catch (TimeoutException)
        {
            marks.Remove(reached);
            return false;
        }
    }

    /// <summary>Waits until a send has ended, at most for <paramref name="patience"/>, and returns its state.</summary>
    /// <param name="callId">The send.</param>
    /// <param name="patience">The longest wait.</param>
    /// <param name="getSend">Returns the state of the send now.</param>
    public async ValueTask<SendState> AwaitSendAsync(Ulid callId, TimeSpan patience, Func<Ulid, ValueTask<SendState>> getSend)
    {
        // Added before the stores are read, so that an end during the reads is not missed.
        var end = queueHead.Waiters.Add(callId);
        if (!IsInWindow(callId) && await getSend(callId) is not SendState.Waiting and var state)
        {
            queueHead.Waiters.Remove(callId);
            return state;
        }

        try
        {
            await end.WaitAsync(patience, _context.Time);
        }
        catch (TimeoutException)
        {
            if (IsInWindow(callId))
            {
                return FindWaiting(callId)!;
            }

            queueHead.Waiters.Remove(callId);
        }

        return await getSend(callId);
    }

    /// <summary>The state of a send that was stored in this queue.</summary>
    public async ValueTask<SendState> GetSendAsync(Ulid callId)
    {
        // The window is read first: a send that ends while the stores are read is reported as waiting, and never as absent.
        if (FindWaiting(callId) is { } waiting)
        {
            return await FindEndAsync(callId) ?? waiting;
        }

        if (await FindEndAsync(callId) is { } end)
        {
            return end;
        }

        // This activation may not know the row: a twin may have stored it. A row leaves only after its end is stored.
        var stored = await _context.Outbox.ReadQueueAsync(_address, afterSequence: 0, CallQueue.WindowCalls, CallQueue.WindowBytes);
        if (stored.HasMore || stored.Rows.Any(row => row.Call.Id == callId))
        {
            return new SendState.Waiting(null);
        }

        return await FindEndAsync(callId) ?? SendState.Absent.Instance;
    }

    private async ValueTask<SendState?> FindEndAsync(Ulid callId)
    {
        if (await _context.Results.FindSendResultAsync(_address.Workspace, callId) is { } result)
        {
            return result.IsDiscarded
                ? new SendState.Discarded(result.StoredAt)
                : new SendState.Answered(result.Status, result.Body, result.StoredAt) { ContentType = result.ContentType };
        }

        return await _context.DeadLetters.FindDeadLetterAsync(_address.Workspace, callId) is { } letter
            ? new SendState.Dead(letter.Reason, letter.IsOutcomeUnknown, letter.DiedAt)
            : null;
    }

    /// <summary>
    /// The state that memory proves: the call is in the window, or a write is under way that may be of this call. Rows behind the window prove nothing: after
    /// a write that failed they are possible until the queue is read, and a send that was never stored would be reported as waiting until then.
    /// </summary>
    private SendState.Waiting? FindWaiting(Ulid callId) =>
        _queue.TryPeek(out var head) && head.Call.Id == callId ? new SendState.Waiting(queueHead.IsSending ? null : head.LastError)
        : _queue.IsWriting || _queue.Find(call => call.Id == callId) is not null ? new SendState.Waiting(null)
        : null;

    private bool IsInWindow(Ulid callId) => _queue.Find(call => call.Id == callId) is not null;

    private static CallPlace PlaceOf(long ahead, Call call) =>
        new(ahead, call.Id, call.Kind, call.LimitClass, call.Priority, call.AcceptedAt, call.OtherCustomer) { TraceId = TraceParents.TraceIdOf(call.Notes.TraceParent) };
}
