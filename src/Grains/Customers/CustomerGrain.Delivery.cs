using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Customers;

/// <summary>An attempt of the head under a permit, and its outcome for the workspace.</summary>
internal sealed partial class CustomerGrain
{
    public async ValueTask<DeliveryOutcome> DeliverNext(Permit permit)
    {
        if (!_context.Deliveries.TryBegin())
        {
            return LeaveSilo();
        }

        if (IsOvertaken(permit))
        {
            _context.Deliveries.End();
            return Signed(Unused(UnusedReason.PermitExpired, await CurrentHeadAsync()));
        }

        try
        {
            return Signed(await ReadyHeadAsync(permit, longestHold: null) switch
            {
                (_, { } unused) => unused,
                ({ Call.Kind: CallKind.Send } head, _) => await SendOnceAsync(head, permit),
                var (head, _) => await SendAsync(head!, permit),
            });
        }
        finally
        {
            _held = null;
            _context.Deliveries.End();
        }
    }

    /// <summary>
    /// Whether the workspace has granted this customer a later permit. A permit that a leaving silo passed on arrives late: a batch may hold the head by
    /// then, and sends it while this grain is free.
    /// </summary>
    private bool IsOvertaken(Permit permit)
    {
        if (_newestPermit is { } newest && permit.IsOlderThan(newest))
        {
            return true;
        }

        _newestPermit = permit;
        return false;
    }

    /// <summary>The head, if it may be sent under a permit of that class; otherwise why not.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="longestHold">How long the head counts as in flight if the end of the attempt is not reported; null for ever.</param>
    private async ValueTask<(QueuedCall? Head, DeliveryOutcome.Unused? Unused)> ReadyHeadAsync(Permit permit, TimeSpan? longestHold)
    {
        var limitClass = permit.LimitClass;
        if (_unstoredEnd is not null && !await StoreEndAsync())
        {
            return (null, OutboxUnavailable(limitClass));
        }

        _queue.OnPermit(_context.Outbox.IsShared ? permit.LastActivation : _queue.Activation);

        do
        {
            await (_discarding?.Task ?? Task.CompletedTask);
            if (!await EnsureHeadAsync())
            {
                return (null, OutboxUnavailable(limitClass));
            }
        }
        while (_discarding is not null);

        if (!_queue.TryPeek(out var head))
        {
            return (null, Unused(UnusedReason.NothingToSend, ReportEmpty()));
        }

        // No await lies between the end of a discard and here. The head is in flight from now on.
        Hold(head, longestHold);

        if (head.Call.LimitClass != limitClass)
        {
            return (null, Unused(UnusedReason.ClassChanged, head.State));
        }

        return head.Call.Kind switch
        {
            CallKind.MergeBarrier => (null, await WaitAtBarrierAsync(head)),
            CallKind.Merge when await IsSecondaryBehindAsync(head) => (null, Unused(UnusedReason.WaitsForMerge, head.State)),
            _ => (head, null),
        };
    }

    private async ValueTask<AttemptResult> AttemptAsync(QueuedCall head, Permit permit)
    {
        _isSending = true;
        try
        {
            return await _context.Client.SendAsync(_context.Settings, head.Call, permit, CancellationToken.None);
        }
        finally
        {
            _isSending = false;
        }
    }

    private async ValueTask<DeliveryOutcome> SendAsync(QueuedCall head, Permit permit) =>
        await AttemptAsync(head, permit) switch
        {
            AttemptResult.Response response => await OnResponseAsync(head, response, OutcomeTable.Judge(response.Status, response.BodyNamesErrors)),
            AttemptResult.NoResponse failure => Failed(head, failure.Kind, failure.Reason, failure.EndedAt),
            AttemptResult.Unsendable unsendable => await EndUnsendableAsync(head, unsendable.Reason),
            _ => Unused(UnusedReason.PermitExpired, head.State),
        };

    /// <summary>Makes a dead letter of a call that can never be written. Reported as an unused permit, because it is no evidence about Customer.io.</summary>
    private async ValueTask<DeliveryOutcome.Unused> EndUnsendableAsync(QueuedCall head, string reason)
    {
        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts, $"cannot be sent: {reason}", _context.Time.GetUtcNow()));
        OnDeadLetter(head.Call);
        return Unused(UnusedReason.Unsendable, await NextHeadAsync(head.Call));
    }

    private async ValueTask<DeliveryOutcome> OnResponseAsync(QueuedCall head, AttemptResult.Response response, AttemptOutcome outcome) =>
        await OnAnswerAsync(head, outcome, response.Status, response.Error, response) with
        {
            Signal = response.Signal,
            SinceResponse = _context.Time.GetElapsedTime(response.EndedAt),
            SinceSent = _context.Time.GetElapsedTime(response.SentAt),
        };

    private async ValueTask<DeliveryOutcome> OnAnswerAsync(QueuedCall head, AttemptOutcome outcome, int status, string? error, AttemptResult.Response? response = null)
    {
        var reason = error is { Length: > 0 } ? $"{status}: {error}" : $"{status}";
        switch (outcome)
        {
            case AttemptOutcome.Delivered:
                await EndHeadAsync(head, IsSend(head, response) ? () => EndAnsweredAsync(head, response!, refusal: null) : () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
                _context.Metrics.Delivered(head.Call.LimitClass, head.Call.Kind, _context.Time.GetUtcNow() - head.Call.AcceptedAt);
                CountImport(head.Call, new ImportCounts(0, 0, 0, Delivered: 1, 0));
                return new DeliveryOutcome.Delivered(await NextHeadAsync(head.Call));

            case AttemptOutcome.Rejected:
                await EndHeadAsync(head, IsSend(head, response)
                    ? () => EndAnsweredAsync(head, response!, new SendRefusal(head.Attempts + 1, reason))
                    : () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts + 1, reason, _context.Time.GetUtcNow()));
                OnDeadLetter(head.Call);
                return new DeliveryOutcome.Rejected(status, await NextHeadAsync(head.Call));

            case AttemptOutcome.Throttled:
                return new DeliveryOutcome.Throttled();

            case AttemptOutcome.Unknown:
                await EndUnknownAsync(head, $"{status}");
                return new DeliveryOutcome.Unknown(FailureKind.ServerError, $"{status}", await NextHeadAsync(head.Call));

            case AttemptOutcome.Misconfigured:
                return new DeliveryOutcome.Misconfigured(status, reason);

            default:
                return new DeliveryOutcome.Failed(FailureKind.ServerError, head.Sequence, head.Attempts, reason);
        }
    }

    private static bool IsSend(QueuedCall head, AttemptResult.Response? response) => head.Call.Kind == CallKind.Send && response is not null;

    private DeliveryOutcome.Failed Failed(QueuedCall head, FailureKind kind, string reason, long endedAt) =>
        new(kind, head.Sequence, head.Attempts, reason) { SinceResponse = _context.Time.GetElapsedTime(endedAt) };

    private DeliveryOutcome.Unused OutboxUnavailable(LimitClass limitClass) =>
        Unused(UnusedReason.OutboxUnavailable, HeadState.Of(limitClass, notBefore: _context.Time.GetUtcNow() + _outboxRetry));

    /// <summary>Adds this activation to an outcome. Not while an end is not stored: then this activation has not read what a twin may have delivered.</summary>
    private T Signed<T>(T outcome)
        where T : DeliveryOutcome => outcome with { Activation = _unstoredEnd is null ? _queue.Activation : Guid.Empty };

    private static DeliveryOutcome.Unused Unused(UnusedReason why, HeadState next) => new(why, next);
}
