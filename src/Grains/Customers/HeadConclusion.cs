using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>Concludes an attempt of the head: stores what became of the call, and makes the outcome that the workspace gets.</summary>
internal sealed class HeadConclusion(QueueHead queueHead)
{
    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallTally _tally = new(queueHead);

    /// <summary>Customer.io answered a request that carried the head alone.</summary>
    public async ValueTask<DeliveryOutcome> OnResponseAsync(QueuedCall head, AttemptResult.Response response, AttemptOutcome outcome) =>
        await OnAnswerAsync(head, outcome, response.Status, response.Error, response) with
        {
            Signal = response.Signal,
            SinceResponse = _context.Time.GetElapsedTime(response.EndedAt),
            SinceSent = _context.Time.GetElapsedTime(response.SentAt),
        };

    /// <summary>Customer.io answered.</summary>
    /// <param name="head">The head.</param>
    /// <param name="outcome">What the answer means for it.</param>
    /// <param name="status">The status.</param>
    /// <param name="error">The error that was answered; null for none.</param>
    /// <param name="response">The whole response, which is kept for a send's caller; null for a call of a batch.</param>
    public async ValueTask<DeliveryOutcome> OnAnswerAsync(
        QueuedCall head, AttemptOutcome outcome, int status, string? error, AttemptResult.Response? response = null)
    {
        var reason = error is { Length: > 0 } ? $"{status}: {error}" : $"{status}";
        switch (outcome)
        {
            case AttemptOutcome.Delivered:
                await queueHead.EndAsync(IsSend(head, response) ? () => EndAnsweredAsync(head, response!, refusal: null) : () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
                _tally.Delivered(head.Call);
                return new DeliveryOutcome.Delivered(await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Rejected:
                await queueHead.EndAsync(IsSend(head, response)
                    ? () => EndAnsweredAsync(head, response!, new SendRefusal(head.Attempts + 1, reason))
                    : () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts + 1, reason, _context.Time.GetUtcNow()));
                _tally.DeadLettered(head.Call);
                return new DeliveryOutcome.Rejected(status, await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Throttled:
                return new DeliveryOutcome.Throttled();

            case AttemptOutcome.Unknown:
                await EndUnknownAsync(head, $"{status}");
                return new DeliveryOutcome.Unknown(FailureKind.ServerError, $"{status}", await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Misconfigured:
                return new DeliveryOutcome.Misconfigured(status, reason);

            default:
                return new DeliveryOutcome.Failed(FailureKind.ServerError, head.Sequence, head.Attempts, reason);
        }
    }

    /// <summary>No response came, and a repeat is harmless. The workspace decides what follows.</summary>
    public DeliveryOutcome.Failed OnNoResponse(QueuedCall head, AttemptResult.NoResponse failure) =>
        new(failure.Kind, head.Sequence, head.Attempts, failure.Reason) { SinceResponse = _context.Time.GetElapsedTime(failure.EndedAt) };

    /// <summary>No response came for a send that may have been sent: makes a dead letter of it.</summary>
    public async ValueTask<DeliveryOutcome> OnUnknownAsync(QueuedCall head, AttemptResult.NoResponse lost)
    {
        await EndUnknownAsync(head, lost.Reason);
        return new DeliveryOutcome.Unknown(lost.Kind, lost.Reason, await queueHead.NextAsync(head.Call)) { SinceResponse = _context.Time.GetElapsedTime(lost.EndedAt) };
    }

    /// <summary>Makes a dead letter of a call that can never be written. Reported as an unused permit, because it is no evidence about Customer.io.</summary>
    public async ValueTask<DeliveryOutcome.Unused> OnUnsendableAsync(QueuedCall head, string reason)
    {
        await queueHead.EndAsync(() => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts, $"cannot be sent: {reason}", _context.Time.GetUtcNow()));
        _tally.DeadLettered(head.Call);
        return new DeliveryOutcome.Unused(UnusedReason.Unsendable, await queueHead.NextAsync(head.Call));
    }

    /// <summary>Ends a send whose attempt an earlier activation began: by the answer that is stored, or as a dead letter if none is.</summary>
    public async ValueTask<DeliveryOutcome.Unused> OnInterruptedAsync(QueuedCall head, bool hasAnswer)
    {
        if (hasAnswer)
        {
            await queueHead.EndAsync(() => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
        }
        else
        {
            await EndUnknownAsync(head, AtMostOnce.Interrupted);
        }

        return new DeliveryOutcome.Unused(UnusedReason.HeadEnded, await queueHead.NextAsync(head.Call));
    }

    /// <summary>Takes a send's mark back, because nothing was sent. If that is not stored, the send becomes a dead letter after a crash.</summary>
    /// <param name="head">The send.</param>
    /// <param name="attempt">The mark.</param>
    /// <param name="reason">Why nothing was sent.</param>
    public async ValueTask TakeBackAsync(QueuedCall head, Guid attempt, string reason)
    {
        head.SendAttempt = null;
        head.LastError = reason;
        await _context.Outbox.PostponeAsync(head.KeyIn(_address), head.Attempts, head.NotBefore ?? _context.Time.GetUtcNow(), reason, attempt);
    }

    /// <summary>The workspace counts a failed attempt: stores it, with the end of the back-off.</summary>
    public async ValueTask<HeadState> PostponeAsync(long sequence, int attempts, DateTimeOffset notBefore, string reason)
    {
        if (await FindUndecidedAsync(sequence) is not { } head)
        {
            return await queueHead.CurrentAsync();
        }

        head.Attempts = attempts;
        head.NotBefore = notBefore;
        head.LastError = reason;

        // If this is not stored, a crash forgets the attempt: the call gets one attempt more than the settings allow. It is not lost.
        if (await _context.Outbox.PostponeAsync(head.KeyIn(_address), attempts, notBefore, reason) is WriteResult.Unavailable unavailable)
        {
            _context.Logger.AttemptNotStored(_address.Workspace, unavailable.Reason);
        }

        return head.State;
    }

    /// <summary>The workspace gives the head up: makes a dead letter of it.</summary>
    public async ValueTask<HeadState> MakeDeadLetterAsync(long sequence, int attempts, string reason)
    {
        if (await FindUndecidedAsync(sequence) is not { } head)
        {
            return await queueHead.CurrentAsync();
        }

        await queueHead.EndAsync(() => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), attempts, reason, _context.Time.GetUtcNow()));
        _tally.DeadLettered(head.Call);
        return await queueHead.NextAsync(head.Call);
    }

    /// <summary>
    /// The head that the workspace means, if it has not ended. The result of a head whose end is not stored is decided: storing a postponement could make it leave
    /// again after a crash.
    /// </summary>
    private async ValueTask<QueuedCall?> FindUndecidedAsync(long sequence)
    {
        await queueHead.EnsureUndisturbedAsync();
        return !queueHead.IsEndUnstored && queueHead.TryPeek(out var head) && head.Sequence == sequence ? head : null;
    }

    /// <summary>Makes a dead letter of a send that may have been sent.</summary>
    private async ValueTask EndUnknownAsync(QueuedCall head, string reason)
    {
        await queueHead.EndAsync(() => _context.Outbox.DeadLetterAsync(
            head.KeyIn(_address), head.Attempts + 1, AtMostOnce.UnknownOutcome + reason, _context.Time.GetUtcNow(), isOutcomeUnknown: true));
        _tally.DeadLettered(head.Call);
    }

    private ValueTask<WriteResult> EndAnsweredAsync(QueuedCall head, AttemptResult.Response response, SendRefusal? refusal) =>
        _context.Outbox.EndSendAsync(head.KeyIn(_address), new SendResult(response.Status, response.Body, _context.Time.GetUtcNow(), response.ContentType), refusal);

    private static bool IsSend(QueuedCall head, AttemptResult.Response? response) => head.Call.Kind == CallKind.Send && response is not null;
}
