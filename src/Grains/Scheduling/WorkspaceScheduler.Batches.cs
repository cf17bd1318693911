using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>A call with this many counted attempts is sent alone, so that it cannot fail a batch again.</summary>
    public const int AttemptsInBatches = 2;

    /// <summary>The assumed length of a head whose length is not known because a sweep found it, in bytes.</summary>
    public const int AssumedBytes = 512;

    /// <summary>
    /// How many successes of one batch the outage detector counts. Two, because a customer's failure needs a success of another customer as evidence. Of the
    /// failures it counts one, because the items of one request fail together.
    /// </summary>
    private const int Witnesses = 2;

    private readonly Dictionary<long, Batch> _batches = [];
    private int _inBatches;
    private long _lastBatch;

    /// <summary>A batch has ended. Unknown tickets are ignored.</summary>
    /// <param name="ticket">From <see cref="Grant.Batch"/>.</param>
    /// <param name="outcome">One item for each customer of the batch, in its order.</param>
    /// <returns>What the owner must let the customers store.</returns>
    public IReadOnlyList<HeadChange> OnBatchOutcome(long ticket, BatchOutcome outcome)
    {
        if (TryEndBatch(ticket) is not { } batch)
        {
            return [];
        }

        var now = Now;
        _slots.OnEnded(HostOf(batch.Members[0]).Name, outcome.Items.Any(WasAnswered), now);
        if (outcome.SinceSent > TimeSpan.Zero)
        {
            batch.Queue.Limit.Sent(batch.GrantedAt, now - outcome.SinceSent);
        }

        EndRequest(batch.Queue, batch.GrantedAt, outcome.WasSent, now - outcome.SinceResponse, outcome.Signal, now);
        if (outcome.WasSent)
        {
            _activity.OnBatch(outcome.Items.Count(item => item is not DeliveryOutcome.Unused), now);
        }

        if (outcome.Items.Any(item => item is DeliveryOutcome.Throttled))
        {
            OnThrottled(batch.Queue, batch.GrantedAt, outcome.Signal, now);
        }

        var changes = new List<HeadChange>();
        var (answered, failed) = (0, 0);
        for (var i = 0; i < batch.Members.Count; i++)
        {
            var item = outcome.Items[i];
            var testifies = item is DeliveryOutcome.Failed ? failed++ == 0 : item is DeliveryOutcome.Delivered && answered++ < Witnesses;
            if (Conclude(batch.Members[i], item, batch.GrantedAt, now, testifies) is var change and not HeadChange.None)
            {
                changes.Add(change);
            }
        }

        return changes;
    }

    /// <summary>A batch was lost, and its outcome is unknown. Called only once its request must have ended.</summary>
    public void OnBatchLost(long ticket)
    {
        if (TryEndBatch(ticket) is not { } batch)
        {
            return;
        }

        var now = Now;
        _slots.OnEnded(HostOf(batch.Members[0]).Name, answered: false, now);
        EndRequest(batch.Queue, batch.GrantedAt, wasSent: true, now, RateLimitSignal.None, now);
        foreach (var member in batch.Members)
        {
            Lose(member, now);
        }
    }

    /// <summary>The grain call of a batch was refused before the batch's grain received it, so nothing was sent.</summary>
    public void OnBatchRefused(long ticket)
    {
        if (TryEndBatch(ticket) is not { } batch)
        {
            return;
        }

        var now = Now;
        _slots.OnEnded(HostOf(batch.Members[0]).Name, answered: false, now);
        EndRequest(batch.Queue, batch.GrantedAt, wasSent: false, now, RateLimitSignal.None, now);
        foreach (var member in batch.Members)
        {
            Wait(member, now + RefusedRest);
        }
    }

    private Batch? TryEndBatch(long ticket)
    {
        if (_batches.Remove(ticket, out var batch))
        {
            _inBatches -= batch.Members.Count;
        }

        return batch;
    }

    private Grant.Batch GrantBatch(LimitQueue queue, IReadOnlyList<ScheduledCustomer> members, TimeSpan now)
    {
        var waited = now - members.Min(member => member.Moment);
        foreach (var member in members)
        {
            SetState(member, CustomerState.InFlight);
            member.Moment = now;
        }

        _inBatches += members.Count;
        _batches.Add(++_lastBatch, new Batch(queue, now, members));
        return new Grant.Batch(_lastBatch, [.. members.Select(member => member.Customer)], [.. members.Select(member => member.Activation)], members[0].Class, waited);
    }

    private void SetCanBatch(ScheduledCustomer entry, HeadState head)
    {
        entry.CanBatch = head.LimitClass == LimitClass.Batch && _settings.Batching.Mode != BatchingMode.Off && head.Attempts < AttemptsInBatches;
        entry.Bytes = 1 + (head.Bytes > 0 ? head.Bytes : AssumedBytes);
    }
}
