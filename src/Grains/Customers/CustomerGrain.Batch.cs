using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;

namespace CioOrleans.Grains.Customers;

internal sealed partial class CustomerGrain
{
    /// <inheritdoc/>
    public async ValueTask<BatchOffer> OfferHead(Permit permit)
    {
        if (!_context.Deliveries.TryBegin())
        {
            return new BatchOffer.Nothing(LeaveSilo());
        }

        _context.Deliveries.End();
        if (IsOvertaken(permit))
        {
            return new BatchOffer.Nothing(Signed(Unused(UnusedReason.PermitExpired, await CurrentHeadAsync())));
        }

        switch (await ReadyHeadAsync(permit, permit.AttemptTimeout + _batchSlack))
        {
            case (_, { } unused):
                _held = null;
                return new BatchOffer.Nothing(Signed(unused));

            // One call that cannot be written would fail the request for all others.
            case ({ } head, _) when CallRules.WhyUnsendable(head.Call) is { } reason:
                var ended = await EndUnsendableAsync(head, reason);
                _held = null;
                return new BatchOffer.Nothing(Signed(ended));

            case var (head, _):
                return new BatchOffer.Head(head!.Sequence, head.Call);
        }
    }

    /// <summary>The silo is about to stop: nothing is sent, and the grain moves.</summary>
    private DeliveryOutcome.Unused LeaveSilo()
    {
        DeactivateOnIdle();
        return new DeliveryOutcome.Unused(UnusedReason.SiloStopping, HeadState.Empty);
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryOutcome> ConcludeHead(long sequence, Ulid callId, BatchItemResult result)
    {
        try
        {
            return Signed(await ConcludeAsync(sequence, callId, result));
        }
        finally
        {
            _held = null;
        }
    }

    private async ValueTask<DeliveryOutcome> ConcludeAsync(long sequence, Ulid callId, BatchItemResult result)
    {
        if (_unstoredEnd is not null || !await EnsureHeadAsync() || !_queue.TryPeek(out var head) || head.Sequence != sequence || head.Call.Id != callId)
        {
            return Unused(UnusedReason.HeadEnded, await CurrentHeadAsync());
        }

        return result switch
        {
            BatchItemResult.Answered answered => await OnAnswerAsync(head, OutcomeTable.Judge(answered.Status), answered.Status, answered.Error),
            BatchItemResult.Unanswered unanswered => new DeliveryOutcome.Failed(unanswered.Kind, head.Sequence, head.Attempts, unanswered.Reason),
            BatchItemResult.Undecided undecided => Unused(undecided.Why, head.State),
            _ => throw new ArgumentException("A result of another kind.", nameof(result)),
        };
    }
}
