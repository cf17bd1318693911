using CioOrleans.Delivery;
using CioOrleans.Outbox;

namespace CioOrleans.Customers;

/// <summary>
/// A stored send leaves once at most. That its attempt has begun is stored before the request is written: whoever finds the mark
/// later, after a crash, finds a send of which nobody knows whether it went out, and buries it.
/// </summary>
internal sealed partial class CustomerGrain
{
    private readonly AcceptedMarks _accepted = new();

    /// <inheritdoc/>
    public async ValueTask<SendState> GetSend(Ulid callId)
    {
        if (SharedQueue is { } shared)
        {
            return await shared.GetSend(callId);
        }

        // Looked for here first: one that ends while the stores are asked is still said to wait, and never to be unknown.
        var waiting = FindWaiting(callId);
        if (await _context.Results.FindSendResultAsync(_address.Workspace, callId) is { } result)
        {
            return new SendState.Sent(result.Status, result.Body, result.StoredAt);
        }

        if (await _context.DeadLetters.FindDeadLetterAsync(_address.Workspace, callId) is { } letter)
        {
            return new SendState.Dead(letter.Reason, letter.Reason.StartsWith(AtMostOnce.UnknownOutcome, StringComparison.Ordinal), letter.DiedAt);
        }

        return (SendState?)waiting ?? SendState.Absent.Instance;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WaitUntilDelivered(TimeSpan patience)
    {
        if (SharedQueue is { } shared)
        {
            return await shared.WaitUntilDelivered(patience);
        }

        // From the outbox, which knows what a twin of this grain has accepted.
        var queue = await _context.Outbox.ReadQueueAsync(_address, afterSequence: 0, maxRows: 1, maxBytes: 1);
        if (queue.Rows.Count == 0)
        {
            return true;
        }

        if (queue.LastSequence > _queue.LastSequence && _queue.IsKnown)
        {
            _queue.OnUncertain();
        }

        var reached = _accepted.Add(queue.LastSequence);
        ReachMarksIfEmpty();
        try
        {
            await reached.WaitAsync(patience, _context.Time);
            return true;
        }
        catch (TimeoutException)
        {
            _accepted.Remove(reached);
            return false;
        }
    }

    /// <summary>Behind the window nobody looks for it: while it is not known to have ended, it waits.</summary>
    private SendState.Waiting? FindWaiting(Ulid callId) =>
        _queue.TryPeek(out var head) && head.Call.Id == callId ? new SendState.Waiting(_isSending ? null : head.LastError)
        : _queue.HasTail || _queue.Find(call => call.Id == callId) is not null ? new SendState.Waiting(null)
        : null;

    private async ValueTask<DeliveryOutcome> SendOnceAsync(QueuedCall head, Permit permit)
    {
        if (head.LastError == AtMostOnce.Begun)
        {
            return await EndInterruptedAsync(head);
        }

        if (await NoteAsync(head, AtMostOnce.Begun) is WriteResult.Unavailable)
        {
            head.LastError = null;
            return Unused(UnusedReason.OutboxUnavailable, head.State with { NotBefore = _context.Time.GetUtcNow() + _outboxRetry });
        }

        var result = await AttemptAsync(head, permit);
        switch (result)
        {
            case AttemptResult.Response response when AtMostOnce.Judge(response.Status) == SendFate.Answered:
                if (OutcomeTable.Judge(response.Status) == Verdict.Misconfigured)
                {
                    await NoteAsync(head, $"{response.Status}");
                }

                return await OnResponseAsync(head, response);

            case AttemptResult.Response response when AtMostOnce.Judge(response.Status) == SendFate.Unknown:
                return await EndUnknownAsync(head, $"{response.Status}") with
                {
                    Kind = FailureKind.ServerError,
                    Signal = response.Signal,
                    SinceResponse = _context.Time.GetElapsedTime(response.EndedAt),
                    SinceSent = _context.Time.GetElapsedTime(response.SentAt),
                };

            case AttemptResult.Response throttled:
                await NoteAsync(head, $"{throttled.Status}");
                return await OnResponseAsync(head, throttled);

            case AttemptResult.NoResponse lost when AtMostOnce.Judge(lost.Kind) == SendFate.Unknown:
                return await EndUnknownAsync(head, lost.Reason) with { Kind = lost.Kind, SinceResponse = _context.Time.GetElapsedTime(lost.EndedAt) };

            case AttemptResult.NoResponse unsent:
                await NoteAsync(head, unsent.Reason);
                return Failed(head, unsent.Kind, unsent.Reason, unsent.EndedAt);

            default:
                await NoteAsync(head, "the permit had ended");
                return Unused(UnusedReason.PermitExpired, head.State);
        }
    }

    /// <summary>The mark was there before this attempt: the process, or this grain, ended while an earlier one was under way.</summary>
    private async ValueTask<DeliveryOutcome> EndInterruptedAsync(QueuedCall head)
    {
        // Its answer may have been stored, and only its end not.
        if (await _context.Results.FindSendResultAsync(_address.Workspace, head.Call.Id) is not null)
        {
            await EndHeadAsync(head, () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
        }
        else
        {
            await BuryAsync(head, AtMostOnce.Begun);
        }

        // Nothing was sent under this permit.
        return Unused(UnusedReason.ClassChanged, await NextHeadAsync(head.Call));
    }

    /// <summary>To the workspace it is a failure, by which an outage is recognised; the sequence it names is gone, so nothing is tried again.</summary>
    private async ValueTask<DeliveryOutcome.Failed> EndUnknownAsync(QueuedCall head, string reason)
    {
        await BuryAsync(head, reason);
        return new DeliveryOutcome.Failed(FailureKind.ConnectionLost, head.Sequence, head.Attempts, reason);
    }

    private async ValueTask BuryAsync(QueuedCall head, string reason)
    {
        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts + 1, AtMostOnce.UnknownOutcome + reason, _context.Time.GetUtcNow()));
        OnDeadLetter(head.Call);
    }

    /// <summary>The answer first: an end without it would leave nobody to tell.</summary>
    private async ValueTask<WriteResult> EndSentAsync(QueuedCall head, int status, string body)
    {
        var now = _context.Time.GetUtcNow();
        var stored = await _context.Results.StoreSendResultAsync(_address.Workspace, head.Call.Id, new SendResult(status, body, now), now - _context.Settings.Sends.KeepResults);
        return stored is WriteResult.Unavailable ? stored : await _context.Outbox.CompleteAsync(head.KeyIn(_address));
    }

    /// <summary>Stores what is known of the attempt. Where a mark cannot be taken back, a crash buries the send, and loses nothing.</summary>
    private ValueTask<WriteResult> NoteAsync(QueuedCall head, string note)
    {
        head.LastError = note;
        return _context.Outbox.PostponeAsync(head.KeyIn(_address), head.Attempts, head.NotBefore ?? _context.Time.GetUtcNow(), note);
    }
}
