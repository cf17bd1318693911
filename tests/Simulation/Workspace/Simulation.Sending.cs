using CioOrleans.Attempts;
using CioOrleans.Grains.Scheduling;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>The customer grain: it sends the head of its queue, stores what became of it, and reports.</summary>
internal sealed partial class Simulation
{
    private void DeliverNext(SimulatedCustomer customer, LimitClass permitted, SimulatedRequest request)
    {
        if (_time.Now > request.GrantedAt + _permitLife)
        {
            Report(customer, request, permitted, new DeliveryOutcome.Unused(Attempts.UnusedReason.PermitExpired, customer.Head));
            return;
        }

        if (customer.Holder is { IsBatch: false } holder && holder.Process == request.Process && (holder.PassedOnUntil ?? request.PassedOnUntil) is not null)
        {
            // The grain carries out one dispatch after the other.
            _events.In(TimeSpan.FromMilliseconds(1), () => DeliverNext(customer, permitted, request));
            return;
        }

        if (IsOvertaken(customer, request))
        {
            Report(customer, request, permitted, new DeliveryOutcome.Unused(Attempts.UnusedReason.PermitExpired, customer.Head));
            return;
        }

        if (customer.IsSending)
        {
            Fail($"{customer.Name} has two requests on their way");
        }

        request.SentAt = _time.Now;
        if (UnusedReason(customer, permitted) is { } reason)
        {
            Report(customer, request, permitted, new DeliveryOutcome.Unused(reason, customer.Head));
            return;
        }

        var call = customer.Call;
        customer.IsSending = true;
        customer.Holder = request;
        if (call.IsUnsendable)
        {
            End(customer, call, request, _options.TakesUnsendableForUnreachable ? Fault(customer, FailureKind.Unreachable) : new DeliveryOutcome.Unused(Attempts.UnusedReason.Unsendable, default));
            return;
        }

        if (_receiver.OutageAt(_time.Now, call.Class) is { Kind: OutageKind.Unreachable })
        {
            End(customer, call, request, Fault(customer, FailureKind.Unreachable));
            return;
        }

        var (@out, back) = _options.Latency.Draw(_random);
        if (GivesUpBeforeArrival(call.Class, @out) is { } kind)
        {
            var resetAt = kind == FailureKind.TimedOut ? request.SentAt + _settings.AttemptTimeout : request.SentAt + @out;
            PlanLateArrival(resetAt, () => Arrive(customer, call, request));
            EndReset(resetAt, () => End(customer, call, request, Fault(customer, kind)));
            return;
        }

        _events.In(@out, () => Arrive(customer, call, request, back));
    }

    private bool IsOvertaken(SimulatedCustomer customer, SimulatedRequest request)
    {
        if (customer.Newest is { } newest && request.IsOlderThan(newest) && !_options.CarriesOutOvertakenPermits)
        {
            return true;
        }

        customer.Newest = request;
        return false;
    }

    private UnusedReason? UnusedReason(SimulatedCustomer customer, LimitClass permitted) =>
        IsHeld(customer) ? Attempts.UnusedReason.Held
        : customer.Waiting == 0 ? Attempts.UnusedReason.NothingToSend
        : customer.Call.Class != permitted ? Attempts.UnusedReason.ClassChanged
        : customer.Call.OpensAt > _time.Now ? Attempts.UnusedReason.WaitsForMerge
        : _random.Happens(_options.Faults.Unused) ? _random.OneOf(Attempts.UnusedReason.PermitExpired, Attempts.UnusedReason.OutboxUnavailable)
        : null;

    /// <summary>How the attempt fails while the request is still on its way; null where the request arrives first.</summary>
    private FailureKind? GivesUpBeforeArrival(LimitClass limitClass, TimeSpan @out) =>
        @out >= _settings.AttemptTimeout || _receiver.OutageAt(_time.Now, limitClass) is { Kind: OutageKind.Loss } ? FailureKind.TimedOut
        : _random.Happens(_options.Faults.Broken) ? FailureKind.ConnectionLost
        : null;

    /// <summary>What was given up may arrive all the same: within a packet life of the reset, or for a minute without one.</summary>
    private void PlanLateArrival(TimeSpan resetAt, Action arrive)
    {
        if (_random.Happens(_options.Faults.Late))
        {
            _events.At(resetAt + _random.UpTo(_options.ResetsConnections ? RequestEnd.PacketLife : TimeSpan.FromMinutes(1)), arrive);
        }
    }

    /// <summary>The attempt is over with the reset, its request a packet life later.</summary>
    private void EndReset(TimeSpan resetAt, Action end) => _events.At(resetAt + _options.ResetWait, end);

    /// <summary>How much earlier than it should the end of a request is reported.</summary>
    private TimeSpan Predated(FailureKind kind) => _options.TokensCountFromReset && kind != FailureKind.Unreachable ? _options.ResetWait : TimeSpan.Zero;

    private Answer Arrive(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request)
    {
        _arrivals.Add(_time.Now);
        Enter(request);
        var answer = _receiver.Arrive(customer.Name, call, request.Era, _time.Now);
        Arrived?.Invoke(customer.Name, call.Sequence, _time.Now);
        return answer;
    }

    private void Arrive(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request, TimeSpan back)
    {
        var answer = Arrive(customer, call, request);
        if (call is { Priority: Calls.CallPriority.Live, OpensAt.Ticks: 0 } && request.Process == _process && customer.Attempts == 0)
        {
            var wait = _time.Now - customer.HeadSince - (_shareOfRate * customer.CompetitorsAtHeadSince) - (2 * _settings.LimitGroups[0].Limits[0].Window);
            _worstWait = wait > _worstWait ? wait : _worstWait;
        }

        if (answer == Answer.Silence || _time.Now + back - request.SentAt >= _settings.AttemptTimeout)
        {
            EndReset(request.SentAt + _settings.AttemptTimeout, () => End(customer, call, request, Fault(customer, FailureKind.TimedOut)));
        }
        else if (answer == Answer.Reset)
        {
            EndReset(_time.Now + back, () => End(customer, call, request, Fault(customer, FailureKind.ConnectionLost)));
        }
        else
        {
            _events.In(back, () => End(customer, call, request, Outcome(customer, answer)));
        }
    }

    private DeliveryOutcome.Failed Fault(SimulatedCustomer customer, FailureKind kind) =>
        new(kind, customer.Waiting > 0 ? customer.Call.Sequence : 0, customer.Attempts, kind.ToString()) { SinceResponse = Predated(kind) };

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
            _passedOn.Remove(request);
            return;
        }

        _events.In(Hop(), () => InProcess(request, () =>
        {
            // The report may date the response later than it came, never earlier.
            var since = (_time.Now - respondedAt) * _random.NextDouble();
            customer.Holder = null;
            Record(customer, call, request, outcome, respondedAt);
            Report(customer, request, call.Class, Store(customer, call, outcome) with { SinceResponse = outcome.SinceResponse + since });
        }));
    }

    private DeliveryOutcome Store(SimulatedCustomer customer, SimulatedCall call, DeliveryOutcome outcome)
    {
        if (outcome is DeliveryOutcome.Unused { Why: Attempts.UnusedReason.Unsendable })
        {
            return BuryUnsendable(customer, call);
        }

        if (outcome is not (DeliveryOutcome.Delivered or DeliveryOutcome.Rejected))
        {
            return outcome;
        }

        if (_receiver.LastTaken(customer.Name) != call.Sequence || !customer.IsHead(call.Sequence))
        {
            Fail($"call {call.Sequence} of {customer.Name} is lost");
        }

        _delivered++;
        if (outcome is DeliveryOutcome.Rejected)
        {
            Bury(customer);
        }
        else
        {
            RemoveHead(customer);
        }

        return outcome is DeliveryOutcome.Rejected rejected
            ? rejected with { Next = customer.Head }
            : new DeliveryOutcome.Delivered(customer.Head);
    }

    private DeliveryOutcome.Unused BuryUnsendable(SimulatedCustomer customer, SimulatedCall call)
    {
        if (!customer.IsHead(call.Sequence))
        {
            Fail($"call {call.Sequence} of {customer.Name} is lost");
        }

        _deadLetters++;
        Bury(customer);
        return new DeliveryOutcome.Unused(Attempts.UnusedReason.Unsendable, customer.Head);
    }

    private void Report(SimulatedCustomer customer, SimulatedRequest request, LimitClass permitted, DeliveryOutcome outcome)
    {
        _requests.Remove(request);
        if (_passedOn.Remove(request))
        {
            return;
        }

        var isLost = _random.Happens(_options.Faults.LostCall / 2);
        _events.In(Hop(), () => Tell(request, owner =>
        {
            if (isLost)
            {
                owner.OnLost(customer.Name);
                Record(request, permitted, HistoryResult.Unreported);
                return;
            }

            Settle(request, customer, owner.OnOutcome(customer.Name, outcome));
        }));
    }

    private void Forward(Grant.PassThrough passThrough, SimulatedRequest request)
    {
        request.SentAt = _time.Now;
        var (@out, back) = _options.Latency.Draw(_random);
        if (_random.Happens(_options.Faults.Unused))
        {
            EndForward(passThrough, request, sent: false, status: null);
        }
        else if (GivesUpBeforeArrival(passThrough.Class, @out) is { } kind)
        {
            var resetAt = kind == FailureKind.TimedOut ? request.SentAt + _settings.AttemptTimeout : request.SentAt + @out;
            PlanLateArrival(resetAt, () => Arrive(passThrough, request));
            EndReset(resetAt, () => EndForward(passThrough, request, sent: true, status: null));
        }
        else
        {
            _events.In(@out, () =>
            {
                var answer = Arrive(passThrough, request);
                if (answer == Answer.Silence || @out + back >= _settings.AttemptTimeout)
                {
                    EndReset(request.SentAt + _settings.AttemptTimeout, () => EndForward(passThrough, request, sent: true, status: null));
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

    private Answer Arrive(Grant.PassThrough passThrough, SimulatedRequest request)
    {
        _arrivals.Add(_time.Now);
        Enter(request);
        return _receiver.Arrive(null, new SimulatedCall { Class = passThrough.Class }, request.Era, _time.Now);
    }

    private void EndForward(Grant.PassThrough passThrough, SimulatedRequest request, bool sent, int? status)
    {
        _requests.Remove(request);
        Tell(request, owner =>
        {
            if (sent)
            {
                Record(request, passThrough.Class, status is null ? HistoryResult.Unanswered : HistoryResult.Forwarded);
            }

            owner.OnPassThroughEnded(passThrough.Ticket, sent, status, RateLimitSignal.None);
        });
    }
}
