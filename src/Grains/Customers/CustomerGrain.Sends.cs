using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Sends under a key, and what became of a send. The outbox binds a key in the commit that stores its send, so of any number of offers, on any
/// number of activations, one is stored. What this activation remembers only saves reads.
/// </summary>
internal sealed partial class CustomerGrain
{
    // None for nearly every customer.
    private Dictionary<Ulid, TaskCompletionSource>? _awaited;

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

        // Another offer may have been first, or this one may be stored although its commit seemed to fail.
        return await TryFindSendAsync(key) is { } bound ? KeyedAccept.Repeat(bound, key) : new KeyedAccept.Refused(refusal);
    }

    /// <inheritdoc/>
    public ValueTask<SendBinding?> FindSend(SendKey key) => _context.Results.FindSendKeyAsync(_address.Workspace, key.Name);

    /// <inheritdoc/>
    public async ValueTask<SendState> AwaitSend(Ulid callId, TimeSpan patience)
    {
        // Before the stores are asked: an end that comes meanwhile is not missed.
        var end = EndOf(callId);
        if (!IsInWindow(callId) && await GetSend(callId) is not SendState.Waiting and var state)
        {
            _awaited?.Remove(callId);
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

            _awaited?.Remove(callId);
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

        // The window first: a send that ends while the stores are asked is still said to wait, and never to be unknown.
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
    /// What memory proves: the call is in the window, or a write is under way that may be of this call. That rows may follow the window proves nothing: after a
    /// write that failed they stay possible until the queue is read, and a send that was never stored would be said to wait for as long as somebody asks.
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

    private Task EndOf(Ulid callId)
    {
        _awaited ??= [];
        if (!_awaited.TryGetValue(callId, out var end))
        {
            end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add(callId, end);
        }

        return end.Task;
    }

    private void TellEnd(Call ended)
    {
        if (_awaited is not null && _awaited.Remove(ended.Id, out var end))
        {
            end.SetResult();
            _awaited = _awaited.Count == 0 ? null : _awaited;
        }
    }
}
