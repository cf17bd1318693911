using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;

namespace CioOrleans.Grains.Customers;

/// <summary>Concludes an attempt of the head: stores what became of the call, and makes the outcome that the workspace gets.</summary>
internal sealed class HeadConclusion(QueueHead queueHead)
{
    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallTally _tally = new(queueHead);

    /// <summary>Whether the row of the attempt could not be stored, and waits in memory.</summary>
    public bool HasLateRow { get; private set; }

    /// <summary>Customer.io answered a request that carried the head alone.</summary>
    public async ValueTask<DeliveryOutcome> OnResponseAsync(QueuedCall head, AttemptResult.Response response, AttemptOutcome outcome, AttemptTrace trace) =>
        await OnAnswerAsync(head, outcome, response.Status, response.Error, trace, response) with
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
    /// <param name="trace">When the request was under way; null if the sender's version did not say.</param>
    /// <param name="response">The whole response, which is kept for a send's caller; null for a call of a batch.</param>
    public async ValueTask<DeliveryOutcome> OnAnswerAsync(
        QueuedCall head, AttemptOutcome outcome, int status, string? error, AttemptTrace? trace, AttemptResult.Response? response = null)
    {
        HistoryRow? Row(HistoryResult result) => RowOf(head, trace, result, status, error, response?.Body ?? error);
        var reason = error is { Length: > 0 } ? $"{status}: {error}" : $"{status}";
        switch (outcome)
        {
            case AttemptOutcome.Delivered:
                var delivered = Row(HistoryResult.Delivered);
                await queueHead.EndAsync(IsSend(head, response) ? () => EndAnsweredAsync(head, response!, refusal: null, delivered) : () => CompleteAsync(head, delivered));
                _tally.Delivered(head.Call);
                return new DeliveryOutcome.Delivered(await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Rejected:
                var rejected = Row(EndOf(head, HistoryResult.Rejected));
                await EndAsDeadLetterAsync(head, holds => IsSend(head, response)
                    ? EndAnsweredAsync(head, response!, new SendRefusal(head.Attempts + 1, reason) { Holds = holds }, rejected)
                    : DeadLetterAsync(head, head.Attempts + 1, reason, rejected, holds));
                return new DeliveryOutcome.Rejected(status, await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Throttled:
                await RecordAsync(head, Row(HistoryResult.Throttled));
                return new DeliveryOutcome.Throttled();

            case AttemptOutcome.Unknown:
                await EndUnknownAsync(head, $"{status}", Row(EndOf(head, HistoryResult.Unknown)));
                return new DeliveryOutcome.Unknown(FailureKind.ServerError, $"{status}", await queueHead.NextAsync(head.Call));

            case AttemptOutcome.Misconfigured:
                await RecordAsync(head, Row(HistoryResult.Misconfigured));
                return new DeliveryOutcome.Misconfigured(status, reason);

            default:
                await RecordAsync(head, Row(HistoryResult.Failed));
                return new DeliveryOutcome.Failed(FailureKind.ServerError, head.Sequence, head.Attempts, reason);
        }
    }

    /// <summary>No response came, and a repeat is harmless. The workspace decides what follows.</summary>
    public async ValueTask<DeliveryOutcome> OnNoResponseAsync(QueuedCall head, AttemptResult.NoResponse failure, AttemptTrace trace)
    {
        await RecordAsync(head, RowOf(head, trace, HistoryResult.Failed, status: 0, failure.Reason));
        return new DeliveryOutcome.Failed(failure.Kind, head.Sequence, head.Attempts, failure.Reason) { SinceResponse = _context.Time.GetElapsedTime(failure.EndedAt) };
    }

    /// <summary>No response came for the batch that carried the head.</summary>
    public async ValueTask<DeliveryOutcome> OnUnansweredAsync(QueuedCall head, BatchItemResult.Unanswered unanswered)
    {
        await RecordAsync(head, RowOf(head, unanswered.Trace, HistoryResult.Failed, status: 0, unanswered.Reason));
        return new DeliveryOutcome.Failed(unanswered.Kind, head.Sequence, head.Attempts, unanswered.Reason);
    }

    /// <summary>The batch that carried the head did not decide it.</summary>
    public async ValueTask<DeliveryOutcome> OnUndecidedAsync(QueuedCall head, BatchItemResult.Undecided undecided)
    {
        if (undecided.Trace is { Sent: not null } trace)
        {
            await RecordAsync(head, RowOf(head, trace, HistoryResult.Undecided, status: 0, reason: null));
        }

        return new DeliveryOutcome.Unused(undecided.Why, head.State);
    }

    /// <summary>No response came for a send that may have been sent: makes a dead letter of it.</summary>
    public async ValueTask<DeliveryOutcome> OnUnknownAsync(QueuedCall head, AttemptResult.NoResponse lost, AttemptTrace trace)
    {
        await EndUnknownAsync(head, lost.Reason, RowOf(head, trace, EndOf(head, HistoryResult.Unknown), status: 0, lost.Reason));
        return new DeliveryOutcome.Unknown(lost.Kind, lost.Reason, await queueHead.NextAsync(head.Call)) { SinceResponse = _context.Time.GetElapsedTime(lost.EndedAt) };
    }

    /// <summary>Makes a dead letter of a call that can never be written. Reported as an unused permit, because it is no evidence about Customer.io.</summary>
    public async ValueTask<DeliveryOutcome.Unused> OnUnsendableAsync(QueuedCall head, string reason)
    {
        var row = _context.History.OfEnd(_address, head.Sequence, head.Call, EndOf(head, HistoryResult.Unsendable), reason);
        await EndAsDeadLetterAsync(head, holds => DeadLetterAsync(head, head.Attempts, $"cannot be sent: {reason}", row, holds));
        return new DeliveryOutcome.Unused(UnusedReason.Unsendable, await queueHead.NextAsync(head.Call));
    }

    /// <summary>Ends a send whose attempt an earlier activation began: by the answer that is stored, or as a dead letter if none is.</summary>
    public async ValueTask<DeliveryOutcome.Unused> OnInterruptedAsync(QueuedCall head, bool hasAnswer)
    {
        if (hasAnswer)
        {
            var finished = _context.History.OfEnd(_address, head.Sequence, head.Call, HistoryResult.Finished);
            await queueHead.EndAsync(() => CompleteAsync(head, finished));
        }
        else
        {
            await EndUnknownAsync(head, AtMostOnce.Interrupted, _context.History.OfEnd(_address, head.Sequence, head.Call, EndOf(head, HistoryResult.Unknown), AtMostOnce.Interrupted));
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

        var usedUp = _context.History.OfEnd(_address, sequence, head.Call, EndOf(head, HistoryResult.UsedUp), reason);
        await EndAsDeadLetterAsync(head, holds => DeadLetterAsync(head, attempts, reason, usedUp, holds));
        return await queueHead.NextAsync(head.Call);
    }

    /// <summary>
    /// The head that the workspace means, if it has not ended. The result of a head whose end is not stored is decided: storing a postponement could make it leave
    /// again after a crash.
    /// </summary>
    private async ValueTask<QueuedCall?> FindUndecidedAsync(long sequence)
    {
        await queueHead.EnsureUndisturbedAsync();
        return !queueHead.IsEndUnstored && queueHead.Queue.Held is null && queueHead.TryPeek(out var head) && head.Sequence == sequence ? head : null;
    }

    /// <summary>Makes a dead letter of a send that may have been sent.</summary>
    private ValueTask EndUnknownAsync(QueuedCall head, string reason, HistoryRow? history) => EndAsDeadLetterAsync(
        head, holds => DeadLetterAsync(head, head.Attempts + 1, AtMostOnce.UnknownOutcome + reason, history, holds, isOutcomeUnknown: true));

    /// <summary>Ends the head as a dead letter, which holds the queue where the workspace says so.</summary>
    /// <param name="head">The head.</param>
    /// <param name="store">Stores the end, with whether the dead letter holds the queue. May be called several times.</param>
    private async ValueTask EndAsDeadLetterAsync(QueuedCall head, Func<bool, ValueTask<WriteResult>> store)
    {
        var holds = queueHead.Holds(head.Call);
        await queueHead.EndAsync(() => store(holds), holds);
        _tally.DeadLettered(head.Call);
    }

    private ValueTask<WriteResult> DeadLetterAsync(QueuedCall head, int attempts, string reason, HistoryRow? history, bool holds, bool isOutcomeUnknown = false) =>
        _context.Outbox.DeadLetterAsync(head.KeyIn(_address), attempts, reason, _context.Time.GetUtcNow(), isOutcomeUnknown, history, holds);

    private ValueTask<WriteResult> EndAnsweredAsync(QueuedCall head, AttemptResult.Response response, SendRefusal? refusal, HistoryRow? history) =>
        _context.Outbox.EndSendAsync(head.KeyIn(_address), new SendResult(response.Status, response.Body, _context.Time.GetUtcNow(), response.ContentType), refusal, history);

    private ValueTask<WriteResult> CompleteAsync(QueuedCall head, HistoryRow? history) =>
        _context.Outbox.CompleteAsync([head.KeyIn(_address)], history is null ? [] : [history]);

    private HistoryRow? RowOf(QueuedCall head, AttemptTrace? trace, HistoryResult result, int status, string? reason, string? answer = null) =>
        _context.History.OfAttempt(_address, head.Sequence, head.Call, head.Attempts, trace, result, status, reason, answer, head.HasBodyInHistory);

    /// <summary>Stores the row of an attempt after which the call stays.</summary>
    private async ValueTask RecordAsync(QueuedCall head, HistoryRow? row)
    {
        if (row is null)
        {
            return;
        }

        var isStored = await _context.History.RecordAsync(row);
        HasLateRow |= !isStored;
        head.HasBodyInHistory |= isStored && row.Body is { Request: not null };
    }

    /// <summary>What the history tells of a dead letter.</summary>
    private HistoryResult EndOf(QueuedCall head, HistoryResult result) => queueHead.Holds(head.Call) ? HistoryResult.Held : result;

    private static bool IsSend(QueuedCall head, AttemptResult.Response? response) => head.Call.Kind == CallKind.Send && response is not null;
}
