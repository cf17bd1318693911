using CioOrleans.Attempts;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// A stored send leaves at most once. Its row is marked before the request is written. A mark that is found after a crash means that the outcome
/// of the attempt is unknown: the send becomes a dead letter.
/// </summary>
internal sealed partial class CustomerGrain
{
    private readonly AcceptedMarks _accepted = new();

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

    private async ValueTask<DeliveryOutcome> SendOnceAsync(QueuedCall head, Permit permit)
    {
        var hasBegun = head.SendAttempt is not null;
        switch (AtMostOnce.Next(hasBegun, hasBegun && await FindResultAsync(head.Call.Id) is not null))
        {
            case SendStep.Finish:
                await EndHeadAsync(head, () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
                return NothingSent(await NextHeadAsync(head.Call));

            case SendStep.Bury:
                await BuryAsync(head, AtMostOnce.Interrupted);
                return NothingSent(await NextHeadAsync(head.Call));
        }

        var begun = await _context.Outbox.BeginSendAsync(head.KeyIn(_address), _queue.Activation);
        if (begun is not WriteResult.Written)
        {
            // Refused: a twin has begun to send this row, or has ended it. Otherwise the mark may be stored all the same; nothing was written, so this
            // activation may begin again, and after a crash the send is buried.
            if (begun is WriteResult.Refused)
            {
                _queue.OnUncertain();
            }

            return Unused(UnusedReason.OutboxUnavailable, head.State with { NotBefore = _context.Time.GetUtcNow() + _outboxRetry });
        }

        head.SendAttempt = _queue.Activation;
        var result = await AttemptAsync(head, permit);
        switch (result)
        {
            case AttemptResult.Response response when AtMostOnce.Judge(response.Status) == SendFate.Answered:
                if (OutcomeTable.Judge(response.Status) == Verdict.Misconfigured)
                {
                    await NoteUnsentAsync(head, $"{response.Status}");
                }

                return await OnResponseAsync(head, response);

            case AttemptResult.Response response when AtMostOnce.Judge(response.Status) == SendFate.Unknown:
                return await EndUnknownAsync(head, FailureKind.ServerError, $"{response.Status}") with
                {
                    Signal = response.Signal,
                    SinceResponse = _context.Time.GetElapsedTime(response.EndedAt),
                    SinceSent = _context.Time.GetElapsedTime(response.SentAt),
                };

            case AttemptResult.Response throttled:
                await NoteUnsentAsync(head, $"{throttled.Status}");
                return await OnResponseAsync(head, throttled);

            case AttemptResult.NoResponse lost when AtMostOnce.Judge(lost.Kind) == SendFate.Unknown:
                return await EndUnknownAsync(head, lost.Kind, lost.Reason) with { SinceResponse = _context.Time.GetElapsedTime(lost.EndedAt) };

            case AttemptResult.Unsendable unsendable:
                return await EndUnsendableAsync(head, unsendable.Reason);

            case AttemptResult.NoResponse unsent:
                await NoteUnsentAsync(head, unsent.Reason);
                return Failed(head, unsent.Kind, unsent.Reason, unsent.EndedAt);

            default:
                await NoteUnsentAsync(head, "the permit had ended");
                return Unused(UnusedReason.PermitExpired, head.State);
        }
    }

    private static DeliveryOutcome.Unused NothingSent(HeadState next) => Unused(UnusedReason.ClassChanged, next);

    private async ValueTask<DeliveryOutcome.Unknown> EndUnknownAsync(QueuedCall head, FailureKind kind, string reason)
    {
        await BuryAsync(head, reason);
        return new DeliveryOutcome.Unknown(kind, reason, await NextHeadAsync(head.Call));
    }

    private async ValueTask BuryAsync(QueuedCall head, string reason)
    {
        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(
            head.KeyIn(_address), head.Attempts + 1, AtMostOnce.UnknownOutcome + reason, _context.Time.GetUtcNow(), isOutcomeUnknown: true));
        OnDeadLetter(head.Call);
    }

    private ValueTask<WriteResult> EndAnsweredAsync(QueuedCall head, AttemptResult.Response response, SendRefusal? refusal) =>
        _context.Outbox.EndSendAsync(head.KeyIn(_address), new SendResult(response.Status, response.Body, _context.Time.GetUtcNow(), response.ContentType), refusal);

    /// <summary>Takes the mark back: nothing has left. Where that cannot be stored a crash buries the send, and loses nothing.</summary>
    private async ValueTask NoteUnsentAsync(QueuedCall head, string reason)
    {
        head.SendAttempt = null;
        head.LastError = reason;
        await _context.Outbox.PostponeAsync(head.KeyIn(_address), head.Attempts, head.NotBefore ?? _context.Time.GetUtcNow(), reason, _queue.Activation);
    }
}
