using CioOrleans.Attempts;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Grains.Scheduling;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>The workspace grain: what a thin shell around the scheduler does, its crashes and its successors.</summary>
internal sealed partial class Simulation
{
    /// <summary>How long a permit may be used.</summary>
    private static readonly TimeSpan _permitLife = TimeSpan.FromSeconds(2);

    private readonly HashSet<SimulatedRequest> _requests = [];
    private readonly HashSet<SimulatedRequest> _passedOn = [];
    private TimeSpan _passedOnUntil;
    private WorkspaceScheduler? _owner;
    private WorkspaceScheduler? _lastOwner;
    private int _ownerNumber;
    private int _process;
    private bool _isDraining;
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private long _tickets;
    private long _permits;

    /// <param name="handedOver">From a predecessor that has drained; null after a crash.</param>
    private void StartOwner(IReadOnlyList<LimitSchedule>? handedOver = null)
    {
        _ownerNumber++;
        _isDraining = false;
        _timerAt = TimeSpan.MaxValue;
        if (_options.Regroup is { } regroup && _ownerNumber > 1)
        {
            _settings = _settings with { LimitGroups = regroup(_random) };
            _receiver.Regroup(_settings.LimitGroups, _time.Now);
        }

        _lastOwner = _owner = new WorkspaceScheduler(_settings, _time, _random, _options.NewBucket, _options.NewHealth?.Invoke(), _options.NewSlots?.Invoke());
        NoteStarted();
        var quietUntil = _requests.Count > 0 ? _requests.Max(r => r.Deadline) : _time.Now;
        if (handedOver is not null && quietUntil <= _time.Now)
        {
            _owner.Start(_options.HandOver(handedOver, _settings.LimitGroups), age: TimeSpan.Zero);
        }
        else
        {
            // The lease of a predecessor that hands nothing over outlasts all of its permits.
            var passedOnUntil = _options.LeasesEndEarly ? _passedOn.Select(r => r.Deadline).DefaultIfEmpty().Max() : _passedOnUntil;
            quietUntil = passedOnUntil > quietUntil ? passedOnUntil : quietUntil;
            _owner.Start(quietUntil > _time.Now ? quietUntil - _time.Now : TimeSpan.Zero);
        }

        FindHeld();
        var page = 0;
        foreach (var customers in _customers.Values.Where(c => c.Waiting > 0).Chunk(100))
        {
            _events.In(TimeSpan.FromMilliseconds(page++), () => Tell(owner =>
            {
                foreach (var customer in customers)
                {
                    owner.OnFound(customer.Name, customer.Head with { IsHeld = false });
                }
            }));
        }
    }

    private void Tell(Action<WorkspaceScheduler> report)
    {
        if (_owner is null)
        {
            return;
        }

        report(_owner);
        Pump();
    }

    /// <summary>Reports to the owner that granted, if it is still the owner.</summary>
    private void Tell(SimulatedRequest request, Action<WorkspaceScheduler> report)
    {
        if (request.Owner == _ownerNumber)
        {
            Tell(report);
        }
    }

    private void Pump()
    {
        while (_owner!.TryGrant() is { } dispatch)
        {
            if (_owner.InFlight > _settings.MaxConcurrency)
            {
                Fail($"{_owner.InFlight} requests are on their way");
            }

            Start(dispatch);
        }

        if (_isDraining)
        {
            if (_owner.InFlight == 0)
            {
                NoteStopped();
                StartOwner(_owner.GetSchedules());
            }

            return;
        }

        if (_owner.NextGrantIn() is not { } wait)
        {
            return;
        }

        if (wait <= TimeSpan.Zero)
        {
            Fail("there is something to dispatch and it is not dispatched");
        }

        var wakeAt = _time.Now + TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) + _random.UpTo(_options.TimerLateness);
        if (wakeAt < _timerAt)
        {
            _timerAt = wakeAt;
            _events.At(wakeAt, () => OnTimer(wakeAt));
        }
    }

    private void OnTimer(TimeSpan wakeAt)
    {
        if (wakeAt == _timerAt && _owner is not null)
        {
            _timerAt = TimeSpan.MaxValue;
            Pump();
        }
    }

    private void PlanRestart()
    {
        if (_options.Faults.Restarts is { } mean)
        {
            _events.In(_random.Exponential(mean), () =>
            {
                Restart();
                PlanRestart();
            });
        }
    }

    private void Restart()
    {
        if (_owner is null || _isDraining)
        {
            return;
        }

        if (_random.Happens(_options.Faults.Orderly))
        {
            _owner.StopGranting();
            _isDraining = true;
            Pump();
            return;
        }

        // Either the whole process dies, and with it what it knows about its requests, or the owner alone.
        _process += _random.Next(2);
        _owner = null;
        _events.In(_random.UpTo(TimeSpan.FromSeconds(1)), () => StartOwner());
    }

    private void Start(Grant dispatch)
    {
        if (dispatch is not Grant.PassThrough && _random.Happens(_options.Faults.PassedOn))
        {
            PassOn(dispatch);
            return;
        }

        // Behind a dispatch that was passed on a permit waits, at most until it expires.
        var begins = _options.Faults.PassedOn > 0 ? _permitLife : _options.Hop;
        var request = new SimulatedRequest(_time.Now + begins + RequestEnd.Longest(_settings.AttemptTimeout), _ownerNumber, _process) { Permit = ++_permits, GrantedAt = _time.Now, Era = _receiver.Era, IsBatch = dispatch is Grant.Batch };
        _requests.Add(request);
        switch (dispatch)
        {
            case Grant.ToCustomer customer when _random.Happens(_options.Faults.LostCall / 2):
                _events.In(Hop(), () => Lose(request, customer));
                break;
            case Grant.ToCustomer customer:
                var grain = _customers[customer.Customer];
                _events.In(Hop(), () => DeliverNext(grain, customer.Class, request));
                break;
            case Grant.Batch batch when _random.Happens(_options.Faults.LostCall / 2):
                _events.In(Hop(), () =>
                {
                    _requests.Remove(request);
                    Tell(request, owner =>
                    {
                        owner.OnBatchLost(batch.Ticket);
                        Record(request, batch.Class, HistoryResult.Unreported);
                    });
                });
                break;
            case Grant.Batch batch:
                _events.In(Hop(), () => DeliverBatch(batch, request));
                break;
            case Grant.PassThrough passThrough:
                _events.In(Hop(), () => Forward(passThrough, request));
                break;
        }
    }

    private void PassOn(Grant dispatch)
    {
        var until = _time.Now + _permitLife;
        var request = new SimulatedRequest(until + RequestEnd.Longest(_settings.AttemptTimeout), _ownerNumber, _process) { Permit = ++_permits, GrantedAt = _time.Now, Era = _receiver.Era, PassedOnUntil = until, IsBatch = dispatch is Grant.Batch };
        _passedOn.Add(request);
        _passedOnUntil = request.Deadline;
        switch (dispatch)
        {
            case Grant.ToCustomer customer:
                _events.In(Hop(), () => Tell(request, owner =>
                {
                    owner.OnLost(customer.Customer, _options.TokensForgetWhatWasPassedOn ? TimeSpan.Zero : request.Deadline - _time.Now);
                    Record(request, customer.Class, HistoryResult.Unreported, request.Deadline);
                }));
                _events.In(_random.UpTo(_permitLife), () => DeliverNext(_customers[customer.Customer], customer.Class, request));
                break;

            case Grant.Batch batch:
                // Its customers' grains are free while it is under way, so they wait for its end as its token does.
                _events.At(
                    _options.BatchesForgetWhatWasPassedOn ? _time.Now + Hop() : request.Deadline,
                    () => Tell(request, owner =>
                    {
                        owner.OnBatchLost(batch.Ticket);
                        Record(request, batch.Class, HistoryResult.Unreported);
                    }));
                _events.In(_random.UpTo(_permitLife), () => DeliverBatch(batch, request));
                break;
        }
    }

    private void Lose(SimulatedRequest request, Grant.ToCustomer grant)
    {
        _requests.Remove(request);
        Tell(request, owner =>
        {
            owner.OnLost(grant.Customer);
            Record(request, grant.Class, HistoryResult.Unreported);
        });
    }

    private void Settle(SimulatedRequest request, SimulatedCustomer customer, HeadChange change)
    {
        switch (change)
        {
            case HeadChange.Postpone postpone:
                _events.In(Hop(), () => InProcess(request, () => customer.Postpone(postpone.Sequence, postpone.Attempts, postpone.NotBefore)));
                break;
            case HeadChange.MakeDeadLetter giveUp:
                _events.In(Hop(), () => InProcess(request, () => GiveUp(request, customer, giveUp)));
                break;
        }
    }

    private void GiveUp(SimulatedRequest request, SimulatedCustomer customer, HeadChange.MakeDeadLetter giveUp)
    {
        if (customer.IsHead(giveUp.Sequence))
        {
            _deadLetters++;
            Record(customer, customer.Call, null, HistoryResult.UsedUp, _time.Now);
            Bury(customer);
        }

        var isLost = _random.Happens(_options.Faults.LostCall);
        var next = customer.Head;
        _events.In(Hop(), () => Tell(request, owner =>
        {
            if (isLost)
            {
                owner.OnLost(customer.Name);
            }
            else
            {
                owner.OnDeadLetterMade(customer.Name, next);
            }
        }));
    }

    private void InProcess(SimulatedRequest request, Action store)
    {
        if (request.Process == _process)
        {
            store();
        }
    }

    private void RequestPassThrough(LimitClass limitClass, TimeSpan patience)
    {
        if (_owner is null)
        {
            return;
        }

        var (ticket, owner) = (++_tickets, _owner);
        owner.RequestPassThrough(ticket, limitClass);
        Pump();
        _events.In(patience, () => owner.CancelPassThrough(ticket));
    }
}
