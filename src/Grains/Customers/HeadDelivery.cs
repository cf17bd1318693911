using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Customers;

/// <summary>Attempts of the head under permits: alone, or as an operation of a batch. One of them runs at a time.</summary>
internal sealed class HeadDelivery(QueueHead queueHead)
{
    /// <summary>A batch to which the head was offered has ended once its attempt time-out and this have passed, reported or not.</summary>
    private static readonly TimeSpan _batchSlack = TimeSpan.FromSeconds(7);

    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallQueue _queue = queueHead.Queue;
    private readonly HeadConclusion _conclusion = new(queueHead);

    /// <summary>Sends the head.</summary>
    public async ValueTask<DeliveryOutcome> DeliverAsync(Permit permit)
    {
        if (!_context.Deliveries.TryBegin())
        {
            return LeaveSilo();
        }

        if (queueHead.Hold.IsOvertaken(permit))
        {
            _context.Deliveries.End();
            return Signed(Unused(UnusedReason.PermitExpired, await queueHead.CurrentAsync()));
        }

        try
        {
            return Signed(await TakeHeadAsync(permit, longestHold: null) switch
            {
                (_, { } unused) => unused,
                ({ Call.Kind: CallKind.Send } head, _) => await SendOnceAsync(head, permit),
                var (head, _) => await SendAsync(head!, permit),
            });
        }
        finally
        {
            queueHead.Hold.Release();
            _context.Deliveries.End();
        }
    }

    /// <summary>Gives the head to a batch. <see cref="ConcludeAsync"/> follows, unless the batch leaves the head out.</summary>
    public async ValueTask<BatchOffer> OfferAsync(Permit permit)
    {
        if (!_context.Deliveries.TryBegin())
        {
            return new BatchOffer.Nothing(LeaveSilo());
        }

        _context.Deliveries.End();
        if (queueHead.Hold.IsOvertaken(permit))
        {
            return new BatchOffer.Nothing(Signed(Unused(UnusedReason.PermitExpired, await queueHead.CurrentAsync())));
        }

        switch (await TakeHeadAsync(permit, permit.AttemptTimeout + _batchSlack))
        {
            case (_, { } unused):
                queueHead.Hold.Release();
                return new BatchOffer.Nothing(Signed(unused));

            // One call that cannot be written would fail the request for all others.
            case ({ } head, _) when CallRules.WhyUnsendable(head.Call) is { } reason:
                var ended = await _conclusion.OnUnsendableAsync(head, reason);
                queueHead.Hold.Release();
                return new BatchOffer.Nothing(Signed(ended));

            case var (head, _):
                return new BatchOffer.Head(head!.Sequence, head.Call);
        }
    }

    /// <summary>Stores what a batch has found for the head that was in it.</summary>
    public async ValueTask<DeliveryOutcome> ConcludeAsync(long sequence, Ulid callId, BatchItemResult result)
    {
        try
        {
            return Signed(await ConcludeItemAsync(sequence, callId, result));
        }
        finally
        {
            queueHead.Hold.Release();
        }
    }

    private async ValueTask<DeliveryOutcome> ConcludeItemAsync(long sequence, Ulid callId, BatchItemResult result)
    {
        if (queueHead.IsEndUnstored || !await queueHead.EnsureAsync() || _queue.Held is not null || !_queue.TryPeek(out var head) || head.Sequence != sequence || head.Call.Id != callId)
        {
            return Unused(UnusedReason.HeadEnded, await queueHead.CurrentAsync());
        }

        using var span = AttemptScope.StartBatchItem(_context.Settings, head.Call, head.Attempts + 1, result.TraceParent);
        AttemptScope.EndBatchItem(span, (result as BatchItemResult.Answered)?.Status ?? 0);
        return result switch
        {
            BatchItemResult.Answered answered => await _conclusion.OnAnswerAsync(head, OutcomeTable.Judge(answered.Status), answered.Status, answered.Error, answered.Trace),
            BatchItemResult.Unanswered unanswered => await _conclusion.OnUnansweredAsync(head, unanswered),
            BatchItemResult.Undecided undecided => await _conclusion.OnUndecidedAsync(head, undecided),
            _ => throw new ArgumentException("A result of another kind.", nameof(result)),
        };
    }

    /// <summary>Takes the head for an attempt, if it may be sent under the permit; otherwise says why not.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="longestHold">How long the head counts as in flight if the end of the attempt is not reported; null for ever.</param>
    private async ValueTask<(QueuedCall? Head, DeliveryOutcome.Unused? Unused)> TakeHeadAsync(Permit permit, TimeSpan? longestHold)
    {
        var limitClass = permit.LimitClass;
        if (!await queueHead.TryStoreEndAsync())
        {
            return (null, OutboxUnavailable(limitClass));
        }

        _queue.OnPermit(_context.Outbox.IsShared ? permit.LastActivation : _queue.Activation);

        do
        {
            await queueHead.Discards.Ended;
            if (!await queueHead.EnsureAsync())
            {
                return (null, OutboxUnavailable(limitClass));
            }
        }
        while (queueHead.Discards.IsTaken || await IsReleasedAsync());

        if (_queue.Held is not null)
        {
            return (null, Unused(UnusedReason.Held, queueHead.HeldState));
        }

        if (!_queue.TryPeek(out var head))
        {
            return (null, Unused(UnusedReason.NothingToSend, queueHead.ReportEmpty()));
        }

        // No await lies between the end of a discard and here. The head is in flight from now on.
        queueHead.Hold.Take(head.Sequence, longestHold);

        if (head.Call.LimitClass != limitClass)
        {
            return (null, Unused(UnusedReason.ClassChanged, head.State));
        }

        return head.Call.Kind switch
        {
            CallKind.MergeBarrier => (null, await queueHead.Merges.WaitAsync(head)),
            CallKind.Merge when await queueHead.Merges.IsSecondaryBehindAsync(head) => (null, Unused(UnusedReason.WaitsForMerge, head.State)),
            _ => (head, null),
        };
    }

    /// <summary>
    /// Releases the queue if a dead letter holds it and the policy is not to hold any more. True if the queue must be read again. False if it is not held, stays
    /// held, or its release could not be stored; the next permit tries again then.
    /// </summary>
    private async ValueTask<bool> IsReleasedAsync()
    {
        if (_queue.Held is not { } held || HoldRule.Holds(_context.Settings.OnDeadLetter, _address.Customer, held.Kind)
            || await _context.Outbox.ReleaseHeldAsync(queueHead.KeyOf(held)) is not WriteResult.Written)
        {
            return false;
        }

        _queue.OnHoldChanged();
        if (held is { Kind: CallKind.Merge, OtherCustomer: { } secondary })
        {
            // Not awaited: the secondary may wait for this queue. A barrier that stays behind releases itself.
            _context.Customer(secondary).ReleaseBarrier(held.Id).AsTask().Ignore();
        }

        return true;
    }

    private async ValueTask<DeliveryOutcome> SendAsync(QueuedCall head, Permit permit)
    {
        using var scope = AttemptScope.OfCall(_context.Time, _context.Settings, head.Call, head.Attempts + 1);
        var result = await AttemptAsync(head, permit);
        scope.End(result);
        var trace = _context.History.Trace(permit, result);
        return result switch
        {
            AttemptResult.Response response => await _conclusion.OnResponseAsync(head, response, OutcomeTable.Judge(response.Status, response.BodyNamesErrors), trace),
            AttemptResult.NoResponse failure => await _conclusion.OnNoResponseAsync(head, failure, trace),
            AttemptResult.Unsendable unsendable => await _conclusion.OnUnsendableAsync(head, unsendable.Reason),
            _ => Unused(UnusedReason.PermitExpired, head.State),
        };
    }

    /// <summary>
    /// Sends a stored send at most once. Its row is marked before the request is written. A mark that is found after a crash means that the outcome of the
    /// attempt is unknown: the send becomes a dead letter.
    /// </summary>
    private async ValueTask<DeliveryOutcome> SendOnceAsync(QueuedCall head, Permit permit)
    {
        var hasBegun = head.SendAttempt is not null;
        var hasAnswer = hasBegun && await _context.Results.FindSendResultAsync(_address.Workspace, head.Call.Id) is not null;
        if (AtMostOnce.Next(hasBegun, hasAnswer) != SendStep.Send)
        {
            return await _conclusion.OnInterruptedAsync(head, hasAnswer);
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

            return Unused(UnusedReason.OutboxUnavailable, head.State with { NotBefore = queueHead.RetryAt });
        }

        head.SendAttempt = _queue.Activation;
        using var scope = AttemptScope.OfCall(_context.Time, _context.Settings, head.Call, head.Attempts + 1);
        var result = await AttemptAsync(head, permit);
        scope.End(result);
        var trace = _context.History.Trace(permit, result);
        switch (result)
        {
            case AttemptResult.Response response:
                var outcome = OutcomeTable.JudgeSend(response.Status, response.BodyNamesErrors);
                if (outcome is AttemptOutcome.Misconfigured or AttemptOutcome.Throttled)
                {
                    await _conclusion.TakeBackAsync(head, _queue.Activation, $"{response.Status}");
                }

                return await _conclusion.OnResponseAsync(head, response, outcome, trace);

            case AttemptResult.NoResponse lost when OutcomeTable.JudgeSend(lost.Kind) == AttemptOutcome.Unknown:
                return await _conclusion.OnUnknownAsync(head, lost, trace);

            case AttemptResult.Unsendable unsendable:
                return await _conclusion.OnUnsendableAsync(head, unsendable.Reason);

            case AttemptResult.NoResponse unsent:
                await _conclusion.TakeBackAsync(head, _queue.Activation, unsent.Reason);
                return await _conclusion.OnNoResponseAsync(head, unsent, trace);

            default:
                await _conclusion.TakeBackAsync(head, _queue.Activation, "the permit had ended");
                return Unused(UnusedReason.PermitExpired, head.State);
        }
    }

    private async ValueTask<AttemptResult> AttemptAsync(QueuedCall head, Permit permit)
    {
        queueHead.Hold.IsSending = true;
        try
        {
            return await _context.Client.SendAsync(_context.Settings, head.Call, permit, CancellationToken.None);
        }
        finally
        {
            queueHead.Hold.IsSending = false;
        }
    }

    /// <summary>The silo is about to stop: nothing is sent, and the grain moves.</summary>
    private DeliveryOutcome.Unused LeaveSilo()
    {
        queueHead.Leave();
        return new DeliveryOutcome.Unused(UnusedReason.SiloStopping, HeadState.Empty);
    }

    private DeliveryOutcome.Unused OutboxUnavailable(LimitClass limitClass) =>
        Unused(UnusedReason.OutboxUnavailable, HeadState.Of(limitClass, notBefore: queueHead.RetryAt));

    /// <summary>Adds this activation to an outcome. Not while an end is not stored: then this activation has not read what a twin may have delivered.</summary>
    private T Signed<T>(T outcome)
        where T : DeliveryOutcome => outcome with
        {
            Activation = queueHead.IsEndUnstored ? Guid.Empty : _queue.Activation,
            IsRecorded = !queueHead.IsEndUnstored,
            IsKept = !queueHead.IsEndUnstored && _context.History.KeepsAll && !_conclusion.HasLateRow,
        };

    private static DeliveryOutcome.Unused Unused(UnusedReason why, HeadState next) => new(why, next);
}
