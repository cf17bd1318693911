using CioOrleans.Attempts;
using CioOrleans.Delivery;
using CioOrleans.Grains.Retry;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>Handles the ends of grants.</summary>
public sealed partial class WorkspaceScheduler
{
    /// <summary>The time after which a parked customer is tried again, in case the hint that ends its parking was lost.</summary>
    public static readonly TimeSpan LongestParking = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest delay after a failure that is not counted. Nothing ends this delay early, and delivery must go on within seconds of the end of an outage.
    /// </summary>
    public static readonly TimeSpan LongestBlamelessPause = TimeSpan.FromSeconds(4);

    /// <summary>A grant to a customer has ended. Reports of customers that are not in flight are ignored.</summary>
    /// <returns>What must be stored about the head.</returns>
    public HeadChange OnOutcome(string customer, DeliveryOutcome outcome)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State != CustomerState.InFlight)
        {
            return HeadChange.None.Instance;
        }

        var now = Now;
        var grantedAt = entry.Moment;
        EndProbe(entry, outcome is DeliveryOutcome.Unused, now);
        _slots.OnEnded(HostOf(entry).Name, WasAnswered(outcome), now);
        if (outcome.SinceSent > TimeSpan.Zero)
        {
            QueueOf(entry).Limit.Sent(grantedAt, now - outcome.SinceSent);
        }

        EndRequest(QueueOf(entry), grantedAt, WasSent(outcome), now - outcome.SinceResponse, outcome.Signal, now);
        if (outcome is DeliveryOutcome.Throttled)
        {
            OnThrottled(QueueOf(entry), grantedAt, outcome.Signal, now);
        }

        return Conclude(entry, outcome, grantedAt, now, testifies: true);
    }

    /// <summary>Decides the next state of a customer whose grant has ended.</summary>
    /// <param name="entry">The customer.</param>
    /// <param name="outcome">The outcome of its head.</param>
    /// <param name="grantedAt">When its permit was granted.</param>
    /// <param name="now">Now.</param>
    /// <param name="testifies">Whether the outage detector counts the outcome; of a batch it counts only a few.</param>
    private HeadChange Conclude(ScheduledCustomer entry, DeliveryOutcome outcome, TimeSpan grantedAt, TimeSpan now, bool testifies)
    {
        entry.Activation = outcome.Activation;
        switch (outcome)
        {
            case DeliveryOutcome.Delivered delivered:
                _activity.OnDelivered(now);
                OnAnswered(entry, grantedAt, now, testifies);
                GoOn(entry, delivered.Next);
                break;
            case DeliveryOutcome.Rejected rejected:
                _activity.OnDeadLetter(now);
                OnAnswered(entry, grantedAt, now, testifies);
                GoOn(entry, rejected.Next);
                break;
            case DeliveryOutcome.Throttled:
                _activity.OnFailed(now);
                MakeReady(entry, atFront: true);
                break;
            case DeliveryOutcome.Misconfigured misconfigured:
                _activity.OnFailed(now);
                HostOf(entry).Health.EnterMisconfigured(now, misconfigured.Reason);
                MakeReady(entry);
                break;
            case DeliveryOutcome.Unknown unknown:
                _activity.OnDeadLetter(now);
                if (testifies)
                {
                    RecordFailure(HostOf(entry), entry.Customer, unknown.Reason, now);
                }

                GoOn(entry, unknown.Next);
                break;
            case DeliveryOutcome.Failed failed:
                _activity.OnFailed(now);
                return OnFailed(entry, failed, grantedAt, now, testifies);
            case DeliveryOutcome.Unused unused:
                OnUnused(entry, unused, now);
                break;
        }

        return HeadChange.None.Instance;
    }

    private void OnThrottled(LimitQueue queue, TimeSpan grantedAt, RateLimitSignal signal, TimeSpan now)
    {
        _throttled++;
        queue.Limit.OnThrottled(grantedAt, signal.RetryAfter, now);
    }

    private static bool WasSent(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Unused => false,
        DeliveryOutcome.Failed failed => failed.Kind.MayHaveArrived(),
        _ => true,
    };

    private static bool WasAnswered(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Unused => false,
        DeliveryOutcome.Failed failed => failed.Kind == FailureKind.ServerError,
        _ => true,
    };

    private void EndProbe(ScheduledCustomer entry, bool unused, TimeSpan now)
    {
        if (entry.IsProbe)
        {
            entry.IsProbe = false;
            HostOf(entry).Health.OnProbeEnded(now, unused);
        }
    }

    private void EndRequest(LimitQueue queue, TimeSpan grantedAt, bool wasSent, TimeSpan respondedAt, RateLimitSignal signal, TimeSpan now)
    {
        if (!wasSent)
        {
            _unused++;
            queue.Limit.Refund(grantedAt, now);
            return;
        }

        queue.Limit.Return(grantedAt, respondedAt, now);
        _activity.OnRequest(queue.Limit, respondedAt, now);
        if (signal != RateLimitSignal.None)
        {
            _ignoredHeaders += signal.Ignored;
            queue.Limit.OnSignal(signal, now, _time.GetUtcNow());
        }
    }

    private void OnAnswered(ScheduledCustomer entry, TimeSpan grantedAt, TimeSpan now, bool testifies)
    {
        var host = HostOf(entry);
        if (host.Health.IsCuredBy(grantedAt))
        {
            host.Recover(now);
        }

        if (testifies)
        {
            host.Recent.Record(entry.Customer, succeeded: true, now);
        }
    }

    /// <summary>
    /// An attempt is counted only if calls of other customers to the same host succeeded meanwhile. A call that fails while no other call is sent is repeated
    /// without end, every few seconds, because it cannot be distinguished from an outage. It delays only its own customer, the customer's status shows it, and
    /// with the next success of another customer its attempts begin to count.
    /// </summary>
    private HeadChange OnFailed(ScheduledCustomer entry, DeliveryOutcome.Failed failed, TimeSpan grantedAt, TimeSpan now, bool testifies)
    {
        var host = HostOf(entry);
        if (testifies)
        {
            RecordFailure(host, entry.Customer, failed.Reason, now);
        }

        if (host.Health.IsProbing)
        {
            // While only probes are sent, customers wait for a successful probe and not for a back-off, so that all go on at once after it.
            MakeReady(entry);
            return HeadChange.None.Instance;
        }

        var since = entry.FailedAt ?? grantedAt;
        entry.FailedAt = now;
        if (!failed.Kind.MayHaveArrived() || !host.Recent.IsOwnFault(entry.Customer, since, now))
        {
            entry.Blameless += (byte)(entry.Blameless < byte.MaxValue ? 1 : 0);
            var pause = BackOff.Delay(_settings.Retry, entry.Blameless, _random.NextDouble());
            Wait(entry, now + (pause < LongestBlamelessPause ? pause : LongestBlamelessPause));
            return HeadChange.None.Instance;
        }

        var attempts = failed.Attempts + 1;
        if (attempts > _settings.Retry.MaxRetries)
        {
            SetState(entry, CustomerState.Settling);
            return new HeadChange.MakeDeadLetter(entry.Customer, failed.Sequence, attempts, failed.Reason);
        }

        var delay = BackOff.Delay(_settings.Retry, attempts, _random.NextDouble());
        entry.CanBatch &= attempts < AttemptsInBatches;
        Wait(entry, now + delay);
        return new HeadChange.Postpone(entry.Customer, failed.Sequence, attempts, _time.GetUtcNow() + delay, failed.Reason);
    }

    private static void RecordFailure(Host host, string customer, string reason, TimeSpan now)
    {
        if (host.Health.IsProbing)
        {
            return;
        }

        host.Recent.Record(customer, succeeded: false, now);
        if (host.Recent.IsOutage(now))
        {
            host.Health.EnterOutage(now, reason);
        }
    }

    private void OnUnused(ScheduledCustomer entry, DeliveryOutcome.Unused unused, TimeSpan now)
    {
        switch (unused.Why)
        {
            case UnusedReason.ClassChanged or UnusedReason.HeadEnded or UnusedReason.DidNotFit when unused.Next is { HasCall: true, IsHeld: false }:
                Admit(entry, unused.Next, atFront: true);
                break;
            case UnusedReason.GoesAlone:
                entry.CanBatch = false;
                MakeReady(entry, atFront: true);
                break;
            case UnusedReason.WaitsForMerge when !entry.IsDirty:
                SetState(entry, CustomerState.Parked);
                HostOf(entry).Waiting.Add(entry, now + LongestParking);
                break;
            case UnusedReason.WaitsForMerge or UnusedReason.PermitExpired:
                MakeReady(entry);
                break;
            case UnusedReason.SiloStopping:
                Wait(entry, now + RefusedRest);
                break;
            case UnusedReason.OutboxUnavailable:
                Wait(entry, now + Rest);
                break;
            default:
                GoOn(entry, unused.Next);
                break;
        }
    }
}
