using CioOrleans.Attempts;
using CioOrleans.Grains.Scheduling;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>Requests that carry the heads of several customers' queues.</summary>
internal sealed partial class Simulation
{
    private void DeliverBatch(Grant.Batch dispatch, SimulatedRequest request)
    {
        request.SentAt = _time.Now;
        var items = dispatch.Customers.Select(name => OfferHead(_customers[name], dispatch.Class, request)).ToArray();
        var carried = items.Where(item => item.Outcome is null).ToArray();
        if (carried.Length == 0)
        {
            _requests.Remove(request);
            Report(dispatch, request, items, wasSent: false, since: TimeSpan.Zero);
            return;
        }

        foreach (var item in carried)
        {
            item.Customer.IsSending = true;
            item.Customer.Holder = request;
        }

        if (_receiver.OutageAt(_time.Now, dispatch.Class) is { Kind: OutageKind.Unreachable })
        {
            EndBatch(dispatch, request, items, wasSent: false, item => Fault(item.Customer, FailureKind.Unreachable));
            return;
        }

        var (@out, back) = _options.Latency.Draw(_random);
        if (GivesUpBeforeArrival(dispatch.Class, @out) is { } kind)
        {
            var resetAt = kind == FailureKind.TimedOut ? request.SentAt + _settings.AttemptTimeout : request.SentAt + @out;
            PlanLateArrival(resetAt, () => ArriveTogether(carried, dispatch.Class, request));
            EndReset(resetAt, () => EndBatch(dispatch, request, items, wasSent: true, item => Fault(item.Customer, kind), Predated(kind)));
            return;
        }

        _events.In(@out, () =>
        {
            var answers = ArriveTogether(carried, dispatch.Class, request);
            if (answers[0] == Answer.Silence || _time.Now + back - request.SentAt >= _settings.AttemptTimeout)
            {
                EndReset(
                    request.SentAt + _settings.AttemptTimeout,
                    () => EndBatch(dispatch, request, items, wasSent: true, item => Fault(item.Customer, FailureKind.TimedOut), Predated(FailureKind.TimedOut)));
                return;
            }

            if (answers[0] == Answer.Reset)
            {
                EndReset(
                    _time.Now + back,
                    () => EndBatch(dispatch, request, items, wasSent: true, item => Fault(item.Customer, FailureKind.ConnectionLost), Predated(FailureKind.ConnectionLost)));
                return;
            }

            for (var i = 0; i < carried.Length; i++)
            {
                carried[i].Answer = answers[i];
            }

            _events.In(back, () => EndBatch(dispatch, request, items, wasSent: true, item => item.Answer == Answer.SpoiltByAnother
                ? new DeliveryOutcome.Unused(Attempts.UnusedReason.GoesAlone, item.Customer.Head)
                : Outcome(item.Customer, item.Answer)));
        });
    }

    private BatchItem OfferHead(SimulatedCustomer customer, LimitClass permitted, SimulatedRequest request)
    {
        if (customer.Holder is { IsBatch: false, PassedOnUntil: not null } holder && holder.Process == _process)
        {
            // The grain is busy with a dispatch that was passed on, and does not answer in time.
            return new BatchItem(customer, default) { Outcome = new DeliveryOutcome.Unused(Attempts.UnusedReason.OutboxUnavailable, default) };
        }

        if (IsOvertaken(customer, request))
        {
            return new BatchItem(customer, default) { Outcome = new DeliveryOutcome.Unused(Attempts.UnusedReason.PermitExpired, customer.Head) };
        }

        if (customer.IsSending)
        {
            Fail($"{customer.Name} has two requests on their way");
        }

        var reason = UnusedReason(customer, permitted) ?? (_random.Happens(_options.Faults.Unused) ? Attempts.UnusedReason.DidNotFit : null);
        if (reason is null && customer.Call.IsUnsendable)
        {
            Record(customer, customer.Call, null, HistoryResult.Unsendable, _time.Now);
            return new BatchItem(customer, customer.Call) { Outcome = BuryUnsendable(customer, customer.Call) };
        }

        return new BatchItem(customer, reason is null ? customer.Call : default)
        {
            Outcome = reason is { } why ? new DeliveryOutcome.Unused(why, customer.Head) : null,
        };
    }

    private IReadOnlyList<Answer> ArriveTogether(BatchItem[] carried, LimitClass limitClass, SimulatedRequest request)
    {
        _arrivals.Add(_time.Now);
        Enter(request);
        return _receiver.ArriveTogether([.. carried.Select(item => (item.Customer.Name, item.Call))], limitClass, request.Era, _time.Now);
    }

    private void EndBatch(
        Grant.Batch dispatch, SimulatedRequest request, BatchItem[] items, bool wasSent, Func<BatchItem, DeliveryOutcome> outcome, TimeSpan predated = default)
    {
        _requests.Remove(request);
        var carried = items.Where(item => item.Outcome is null).ToArray();
        foreach (var item in carried)
        {
            item.Customer.IsSending = false;
        }

        var respondedAt = _time.Now;
        if (request.Process != _process)
        {
            _passedOn.Remove(request);
            return;
        }

        _events.In(Hop(), () => InProcess(request, () =>
        {
            foreach (var item in carried)
            {
                item.Customer.Holder = null;
                item.Outcome = Conclude(item, request, outcome(item), respondedAt);
            }

            Report(dispatch, request, items, wasSent, predated + ((_time.Now - respondedAt) * _random.NextDouble()));
        }));
    }

    /// <summary>A customer that cannot be reached may have stored its outcome or not.</summary>
    private DeliveryOutcome Conclude(BatchItem item, SimulatedRequest request, DeliveryOutcome outcome, TimeSpan respondedAt)
    {
        var isLost = _random.Happens(_options.Faults.LostCall);
        if (isLost && _random.Happens(0.5))
        {
            return new DeliveryOutcome.Unused(Attempts.UnusedReason.OutboxUnavailable, default);
        }

        Record(item.Customer, item.Call, request, outcome, respondedAt);
        var stored = Store(item.Customer, item.Call, outcome);
        item.IsRecorded = !isLost;
        return isLost ? new DeliveryOutcome.Unused(Attempts.UnusedReason.OutboxUnavailable, default) : stored;
    }

    private void Report(Grant.Batch dispatch, SimulatedRequest request, BatchItem[] items, bool wasSent, TimeSpan since)
    {
        if (_passedOn.Remove(request))
        {
            return;
        }

        var signal = items.Select(item => item.Outcome!.Signal).FirstOrDefault(signal => signal != RateLimitSignal.None) ?? RateLimitSignal.None;
        var outcome = new BatchOutcome([.. items.Select(item => item.Outcome!)], wasSent, since, TimeSpan.Zero, signal);
        var isLost = _random.Happens(_options.Faults.LostCall / 2);
        _events.In(Hop(), () => Tell(request, owner =>
        {
            if (isLost)
            {
                owner.OnBatchLost(dispatch.Ticket);
                Record(request, dispatch.Class, HistoryResult.Unreported);
                return;
            }

            if (wasSent && !items.Any(item => item.IsRecorded))
            {
                Record(request, dispatch.Class, HistoryResult.Unreported, _time.Now - since);
            }

            foreach (var change in owner.OnBatchOutcome(dispatch.Ticket, outcome))
            {
                var customer = change is HeadChange.MakeDeadLetter giveUp ? giveUp.Customer : ((HeadChange.Postpone)change).Customer;
                Settle(request, _customers[customer], change);
            }
        }));
    }

    private sealed class BatchItem(SimulatedCustomer customer, SimulatedCall call)
    {
        public SimulatedCustomer Customer { get; } = customer;

        public SimulatedCall Call { get; } = call;

        public Answer Answer { get; set; }

        /// <summary>Whether the batch knows that the customer has stored a row of it.</summary>
        public bool IsRecorded { get; set; }

        /// <summary>Null while the head is carried along.</summary>
        public DeliveryOutcome? Outcome { get; set; }
    }
}
