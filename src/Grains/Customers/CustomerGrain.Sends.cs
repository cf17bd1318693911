using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Sends under a key, and the state of a send. The outbox binds a key in the commit that stores its send, so one of several offers is stored, whatever
/// activations they reach. The memory of this activation only saves reads.
/// </summary>
internal sealed partial class CustomerGrain
{
    // Few customers need one.
    private EndWaiters? _waiters;

    /// <inheritdoc/>
    public async ValueTask<KeyedAccept> AcceptSend(Call call, SendKey key, AcceptDeadline deadline)
    {
        if (await FindSend(key) is { } known)
        {
            _context.Metrics.Duplicate(call.LimitClass, call.Kind);
            return KeyedAccept.Repeat(known, key);
        }

        if (await AppendAsync(call, deadline, replaces: null, key) is not AcceptResult.NotAccepted refusal)
        {
            return new KeyedAccept.Bound(new SendBinding(call.Id, _address.Customer, key.Content), IsNew: true);
        }

        // Another offer may have been stored first, or this one may be stored although its commit seemed to fail.
        return await TryFindSendAsync(key) is { } bound ? KeyedAccept.Repeat(bound, key) : new KeyedAccept.Refused(refusal);
    }

    /// <inheritdoc/>
    public ValueTask<SendBinding?> FindSend(SendKey key) => _context.Results.FindSendKeyAsync(_address.Workspace, key.Name);

    /// <inheritdoc/>
    public async ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience)
    {
        // Added before the stores are read, so that an end during the reads is not missed.
        var end = (_waiters ??= new EndWaiters()).Add(callId);
        if (!IsInWindow(callId) && await GetSend(callId) is not SendState.Waiting and var state)
        {
            _waiters?.Remove(callId);
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

            _waiters?.Remove(callId);
        }

        return await GetSend(callId);
    }

    /// <inheritdoc/>
    public async ValueTask<SendState> GetSend(Ulid callId)
    {
        if (SharedQueue is { } shared)
        {
            return await shared.GetSend(callId);
        }

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
        var queue = await _context.Outbox.ReadQueueAsync(_address, afterSequence: 0, CallQueue.WindowCalls, CallQueue.WindowBytes);
        if (queue.HasMore || queue.Rows.Any(row => row.Call.Id == callId))
        {
            return new SendState.Waiting(null);
        }

        return await FindEndAsync(callId) ?? SendState.Absent.Instance;
    }

    private async ValueTask<SendState?> FindEndAsync(Ulid callId)
    {
        if (await FindResultAsync(callId) is { } result)
        {
            return result.IsDiscarded
                ? new SendState.Discarded(result.StoredAt)
                : new SendState.Answered(result.Status, result.Body, result.StoredAt) { ContentType = result.ContentType };
        }

        return await _context.DeadLetters.FindDeadLetterAsync(_address.Workspace, callId) is { } letter
            ? new SendState.Dead(letter.Reason, letter.IsOutcomeUnknown, letter.DiedAt)
            : null;
    }

    private ValueTask<SendResult?> FindResultAsync(Ulid callId) => _context.Results.FindSendResultAsync(_address.Workspace, callId);

    /// <summary>
    /// The state that memory proves: the call is in the window, or a write is under way that may be of this call. Rows behind the window prove nothing: after
    /// a write that failed they are possible until the queue is read, and a send that was never stored would be reported as waiting until then.
    /// </summary>
    private SendState.Waiting? FindWaiting(Ulid callId) =>
        _queue.TryPeek(out var head) && head.Call.Id == callId ? new SendState.Waiting(_isSending ? null : head.LastError)
        : _queue.IsWriting || _queue.Find(call => call.Id == callId) is not null ? new SendState.Waiting(null)
        : null;

    private bool IsInWindow(Ulid callId) => _queue.Find(call => call.Id == callId) is not null;

    private async ValueTask<SendBinding?> TryFindSendAsync(SendKey key)
    {
        try
        {
            return await FindSend(key);
        }
        catch (Exception exception)
        {
            LogNotReadable(_context.Logger, _address.Workspace, exception);
            return null;
        }
    }

    private void ReportEnd(Call ended)
    {
        _waiters?.OnEnded(ended.Id);
        _waiters = _waiters is { IsEmpty: true } ? null : _waiters;
    }
}
