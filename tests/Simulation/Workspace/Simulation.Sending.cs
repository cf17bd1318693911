using CioOrleans.Delivery;
using CioOrleans.Limits;
using CioOrleans.Scheduling;

namespace CioOrleans.Simulation;

/// <summary>The customer grain: it sends the head of its queue, stores what became of it, and reports.</summary>
internal sealed partial class Simulation
{
    private void DeliverNext(SimulatedCustomer customer, LimitClass permitted, SimulatedRequest request)
    {
        if (customer.IsSending)
        {
            Fail($"{customer.Name} has two requests on their way");
        }

        request.SentAt = _time.Now;
        if (UnusedReason(customer, permitted) is { } reason)
        {
            Report(customer, request, new DeliveryOutcome.Unused(reason, customer.Head));
            return;
        }

        var call = customer.Call;
        customer.IsSending = true;
        if (_receiver.OutageAt(_time.Now, call.Class) is { Kind: OutageKind.Unreachable })
        {
            End(customer, call, request, Fault(customer, FailureKind.Unreachable));
            return;
        }

        var (@out, back) = _options.Latency.Draw(_random);
        if (@out >= _settings.AttemptTimeout)
        {
            TimeOut(customer, call, request);
            return;
        }

        _events.In(@out, () => Arrive(customer, call, request, back));
    }

    private UnusedReason? UnusedReason(SimulatedCustomer customer, LimitClass permitted) =>
        customer.Waiting == 0 ? Delivery.UnusedReason.NothingToSend
        : customer.Call.Class != permitted ? Delivery.UnusedReason.ClassChanged
        : customer.Call.OpensAt > _time.Now ? Delivery.UnusedReason.WaitsForMerge
        : _random.Happens(_options.Faults.Unused) ? _random.OneOf(Delivery.UnusedReason.PermitExpired, Delivery.UnusedReason.OutboxUnavailable)
        : null;

    private void Arrive(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request, TimeSpan back)
    {
        _arrivals.Add(_time.Now);
        var answer = _receiver.Arrive(customer.Name, call, _time.Now);
        Arrived?.Invoke(customer.Name, call.Sequence, _time.Now);
        if (call is { Priority: Calls.CallPriority.Live, OpensAt.Ticks: 0 } && request.Process == _process && customer.Attempts == 0)
        {
            var wait = _time.Now - customer.HeadSince - (_shareOfRate * customer.CompetitorsAtHeadSince) - (2 * _settings.LimitGroups[0].Limits[0].Window);
            _worstWait = wait > _worstWait ? wait : _worstWait;
        }

        if (answer == Answer.Silence || _time.Now + back - request.SentAt >= _settings.AttemptTimeout)
        {
            TimeOut(customer, call, request);
            return;
        }

        _events.In(back, () => End(customer, call, request, Outcome(customer, answer)));
    }

    private void TimeOut(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request) =>
        _events.At(request.SentAt + _settings.AttemptTimeout, () => End(customer, call, request, Fault(customer, FailureKind.TimedOut)));

    private static DeliveryOutcome.Failed Fault(SimulatedCustomer customer, FailureKind kind) =>
        new(kind, customer.Waiting > 0 ? customer.Call.Sequence : 0, customer.Attempts, kind.ToString());

    private DeliveryOutcome Outcome(SimulatedCustomer customer, Answer answer) => answer switch
    {
        Answer.Ok => new DeliveryOutcome.Delivered(default),
        Answer.BadRequest => new DeliveryOutcome.Rejected(400, default),
        Answer.Unauthorized => new DeliveryOutcome.Misconfigured(401, "401"),
        Answer.TooManyRequests => new DeliveryOutcome.Throttled { Signal = ThrottledSignal() },
        Answer.Reset => Fault(customer, FailureKind.ConnectionLost),
        _ => Fault(customer, FailureKind.ServerError),
    };

    private RateLimitSignal ThrottledSignal() => _random.Next(3) switch
    {
        0 => RateLimitSignal.None,
        1 => new RateLimitSignal(_random.UpTo(TimeSpan.FromSeconds(5)), null, null, 1),
        _ => new RateLimitSignal(TimeSpan.FromSeconds(1), 0, _time.GetUtcNow() + TimeSpan.FromSeconds(3), 0),
    };

    /// <summary>The response is there, or will not come. What it means is stored a little later, and reported later still.</summary>
    private void End(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request, DeliveryOutcome outcome)
    {
        customer.IsSending = false;
        _requests.Remove(request);
        var respondedAt = _time.Now;
        if (request.Process != _process)
        {
            return;
        }

        _events.In(Hop(), () => InProcess(request, () =>
        {
            // The report may date the response later than it came, never earlier.
            var since = (_time.Now - respondedAt) * _random.NextDouble();
            Report(customer, request, Store(customer, call, outcome) with { SinceResponse = since });
        }));
    }

    private DeliveryOutcome Store(SimulatedCustomer customer, SimulatedCall call, DeliveryOutcome outcome)
    {
        if (outcome is not (DeliveryOutcome.Delivered or DeliveryOutcome.Rejected))
        {
            return outcome;
        }

        if (_receiver.LastTaken(customer.Name) != call.Sequence || !customer.IsHead(call.Sequence))
        {
            Fail($"call {call.Sequence} of {customer.Name} is lost");
        }

        _delivered++;
        RemoveHead(customer);
        return outcome is DeliveryOutcome.Rejected rejected
            ? rejected with { Next = customer.Head }
            : new DeliveryOutcome.Delivered(customer.Head);
    }

    private void Report(SimulatedCustomer customer, SimulatedRequest request, DeliveryOutcome outcome)
    {
        _requests.Remove(request);
        var isLost = _random.Happens(_options.Faults.LostCall / 2);
        _events.In(Hop(), () => Tell(request, owner =>
        {
            if (isLost)
            {
                owner.OnLost(customer.Name);
                return;
            }

            Settle(request, customer, owner.OnOutcome(customer.Name, outcome));
        }));
    }

    private void Forward(Dispatch.PassThrough passThrough, SimulatedRequest request)
    {
        request.SentAt = _time.Now;
        var (@out, back) = _options.Latency.Draw(_random);
        if (_random.Happens(_options.Faults.Unused))
        {
            EndForward(passThrough, request, sent: false, status: null);
        }
        else if (@out + back >= _settings.AttemptTimeout)
        {
            _events.In(_settings.AttemptTimeout, () => EndForward(passThrough, request, sent: true, status: null));
        }
        else
        {
            _events.In(@out, () =>
            {
                _arrivals.Add(_time.Now);
                var answer = _receiver.Arrive(null, new SimulatedCall { Class = passThrough.Class }, _time.Now);
                if (answer == Answer.Silence)
                {
                    _events.At(request.SentAt + _settings.AttemptTimeout, () => EndForward(passThrough, request, sent: true, status: null));
                    return;
                }

                _events.In(back, () => EndForward(passThrough, request, sent: true, status: answer switch
                {
                    Answer.Ok => 200,
                    Answer.Unauthorized => 401,
                    _ => 503,
                }));
            });
        }
    }

    private void EndForward(Dispatch.PassThrough passThrough, SimulatedRequest request, bool sent, int? status)
    {
        _requests.Remove(request);
        Tell(request, owner => owner.OnPassThroughEnded(passThrough.Ticket, sent, status, RateLimitSignal.None));
    }
}
