using CioOrleans.Attempts;
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
                return Unused(UnusedReason.HeadEnded, await NextHeadAsync(head.Call));

            case SendStep.MakeDeadLetter:
                await EndUnknownAsync(head, AtMostOnce.Interrupted);
                return Unused(UnusedReason.HeadEnded, await NextHeadAsync(head.Call));
        }

        var begun = await _context.Outbox.BeginSendAsync(head.KeyIn(_address), _queue.Activation);
        if (begun is not WriteResult.Written)
        {
            // Refused: a twin has begun to send this row, or has ended it. Otherwise the mark may be stored all the same; nothing was written, so this
            // activation may begin again, and after a crash the send becomes a dead letter.
            if (begun is WriteResult.Refused)
            {
                _queue.OnUncertain();
            }

            return Unused(UnusedReason.OutboxUnavailable, head.State with { NotBefore = _context.Time.GetUtcNow() + _outboxRetry });
        }

        head.SendAttempt = _queue.Activation;
        switch (await AttemptAsync(head, permit))
        {
            case AttemptResult.Response response:
                var outcome = OutcomeTable.JudgeSend(response.Status, response.BodyNamesErrors);
                if (outcome is AttemptOutcome.Misconfigured or AttemptOutcome.Throttled)
                {
                    await NoteUnsentAsync(head, $"{response.Status}");
                }

                return await OnResponseAsync(head, response, outcome);

            case AttemptResult.NoResponse lost when OutcomeTable.JudgeSend(lost.Kind) == AttemptOutcome.Unknown:
                await EndUnknownAsync(head, lost.Reason);
                return new DeliveryOutcome.Unknown(lost.Kind, lost.Reason, await NextHeadAsync(head.Call)) { SinceResponse = _context.Time.GetElapsedTime(lost.EndedAt) };

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

    /// <summary>Makes a dead letter of a send that may have been sent.</summary>
    private async ValueTask EndUnknownAsync(QueuedCall head, string reason)
    {
        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(
            head.KeyIn(_address), head.Attempts + 1, AtMostOnce.UnknownOutcome + reason, _context.Time.GetUtcNow(), isOutcomeUnknown: true));
        OnDeadLetter(head.Call);
    }

    private ValueTask<WriteResult> EndAnsweredAsync(QueuedCall head, AttemptResult.Response response, SendRefusal? refusal) =>
        _context.Outbox.EndSendAsync(head.KeyIn(_address), new SendResult(response.Status, response.Body, _context.Time.GetUtcNow(), response.ContentType), refusal);

    /// <summary>Takes the mark back, because nothing was sent. If that is not stored, the send becomes a dead letter after a crash.</summary>
    private async ValueTask NoteUnsentAsync(QueuedCall head, string reason)
    {
        head.SendAttempt = null;
        head.LastError = reason;
        await _context.Outbox.PostponeAsync(head.KeyIn(_address), head.Attempts, head.NotBefore ?? _context.Time.GetUtcNow(), reason, _queue.Activation);
    }
}
