using CioOrleans.Addressing;
using CioOrleans.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Replays;
using CioOrleans.Grains.Scheduling;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CioOrleans.Grains.Workspaces;

/// <inheritdoc cref="IWorkspaceGrain"/>
/// <remarks>
/// Every change of its state is synchronous, so reentrancy is harmless. A delivery is a grain call that is started here; its completion is handled later.
/// <see cref="WorkspaceScheduler"/> makes all decisions.
/// </remarks>
[Reentrant, KeepAlive, GrainDirectory(OwnerDirectory.Name)]
internal sealed partial class WorkspaceGrain : Grain, IWorkspaceGrain
{
    /// <summary>The number of grains that send a workspace's batches. Several, so that batches spread over the silos.</summary>
    private const int BatchGrains = 16;

    private const int HeldPage = 1_000;

    /// <summary>The maximum number of waiting broadcasts, as at Customer.io.</summary>
    private const int MaxBroadcastsWaiting = 5;

    private readonly WorkspaceSettings _settings;
    private readonly WorkspaceScheduler _scheduler;
    private readonly WorkspaceLease _lease;
    private readonly PermitTerms _terms;
    private readonly RequestDrain _drain;
    private readonly LocalWorkspaces _local;
    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _self;
    private readonly SiloDepartures _departures;
    private readonly WorkspaceSweep _sweep;
    private readonly SendRetention _retention;
    private readonly DeadLetterRetention _letterRetention;
    private readonly WorkspaceMeter _meter;
    private readonly PassThroughTickets _passThrough;
    private readonly GrainKeys _keys;
    private readonly HistoryRecorder _history;
    private readonly IOutbox _outbox;
    private readonly IDeadLetterStore _deadLetters;
    private readonly IWorkspaceStateStore _state;
    private readonly DispatcherMetrics _allMetrics;
    private readonly WorkspaceMetrics _metrics;
    private readonly ILogger<WorkspaceGrain> _logger;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly long _activatedAt;
    private IGrainTimer? _pumpTimer;
    private IDisposable? _gauges;

    public WorkspaceGrain(
        WorkspaceCatalog workspaces,
        GrainKeys keys,
        IOutbox outbox,
        IDeadLetterStore deadLetters,
        IWorkspaceStateStore state,
        ISendResultStore sends,
        ILeaseStore leases,
        LocalWorkspaces local,
        IClusterMembershipService membership,
        ILocalSiloDetails self,
        SiloDepartures departures,
        DispatcherMetrics metrics,
        HistoryRecorder history,
        TimeProvider time,
        ILogger<WorkspaceGrain> logger)
    {
        _name = this.GetPrimaryKeyString();
        _settings = workspaces.Get(_name);
        _scheduler = new WorkspaceScheduler(_settings, time, new Random());
        _lease = new WorkspaceLease(leases, _name);
        _terms = new PermitTerms(_settings, _lease, time);
        _drain = new RequestDrain(() => _scheduler.InFlight);
        _local = local;
        _membership = membership;
        _self = self;
        _departures = departures;
        _sweep = new WorkspaceSweep(outbox, _name);
        _retention = new SendRetention(sends, _name, _settings.Sends.KeepResults, time);
        _letterRetention = new DeadLetterRetention(deadLetters, _name, _settings.KeepDeadLetters, time);
        _passThrough = new PassThroughTickets();
        _meter = new WorkspaceMeter(_settings, outbox, deadLetters, metrics.Of(_name), time, _scheduler.OnCounted);
        _activatedAt = time.GetTimestamp();
        _keys = keys;
        _history = history;
        _outbox = outbox;
        _deadLetters = deadLetters;
        _state = state;
        _allMetrics = metrics;
        _metrics = metrics.Of(_name);
        _time = time;
        _logger = logger;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!_local.TryAdd(_name))
        {
            throw new SiloLeavingException();
        }

        try
        {
            if (await _state.ReadPauseAsync(_name, cancellationToken) is { } reason)
            {
                _scheduler.Pause(reason);
            }

            // After a partition, the membership that this silo knows may be old. Without a refresh it could take the lease from an owner that runs.
            await _membership.Refresh(cancellationToken: cancellationToken);
            if (_membership.CurrentSnapshot.GetSiloStatus(_self.SiloAddress) is not (SiloStatus.Active or SiloStatus.Joining))
            {
                throw new SiloLeavingException();
            }

            var (quietFor, tokens) = await _lease.AcquireAsync(_settings.LongestRequest, cancellationToken);
            if (tokens is not null)
            {
                _scheduler.Start(tokens.Schedules, tokens.Age);
                LogTakenOver(_logger, _name, _lease.Epoch);
            }
            else
            {
                _scheduler.Start(quietFor);
                LogStarted(_logger, _name, _lease.Epoch, quietFor);
            }

            await _history.OnOwnerStartedAsync(_settings, _lease.Epoch, _terms.Longest);
        }
        catch
        {
            _local.Remove(_name);
            throw;
        }

        _pumpTimer = this.RegisterGrainTimer(PumpAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        this.RegisterGrainTimer(RenewLeaseAsync, new GrainTimerCreationOptions(LeaseTerms.RenewEvery, LeaseTerms.RenewEvery) { Interleave = true });
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(TimeSpan.Zero, WorkspaceSweep.Every) { Interleave = true });
        this.RegisterGrainTimer(SweepSlowlyAsync, new GrainTimerCreationOptions(WorkspaceSweep.PageEvery, WorkspaceSweep.PageEvery) { Interleave = true });
        this.RegisterGrainTimer(MeasureAsync, new GrainTimerCreationOptions(TimeSpan.Zero, WorkspaceMeter.Every) { Interleave = true });
        _gauges = _allMetrics.Watch(_name, () => _meter.Gauges, _lease.Measure);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _gauges?.Dispose();
        await DrainAsync(cancellationToken);
        _local.Remove(_name);
        LogStopped(_logger, _name, _lease.Epoch, reason.Description);
    }

    public ValueTask HasWork(string customer, HeadState head)
    {
        if (head.HasCall)
        {
            _scheduler.OnWork(customer, head);
            Pump();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HeadChanged(string customer, HeadState head)
    {
        _scheduler.OnHeadChanged(customer, head);
        Pump();
        return ValueTask.CompletedTask;
    }

    public ValueTask EnsureStarted() => ValueTask.CompletedTask;

    public async ValueTask<WorkspaceStatus> GetStatus()
    {
        var queued = await _outbox.CountWaitingAsync(_name);
        var deadLetters = await _deadLetters.CountDeadLettersAsync(_name);
        return StatusOf(queued, deadLetters);
    }

    private WorkspaceStatus StatusOf(long queued, long deadLetters)
    {
        var status = _scheduler.Status;
        return new WorkspaceStatus(
            status.Limits, queued, status.Ready, status.InFlight, status.WaitingForRetry, deadLetters, status.IsPaused, status.PauseReason, _lease.Epoch, RuntimeIdentity, status.Hosts)
        {
            HeldCustomers = status.Held,
        };
    }

    public ValueTask<WorkspacePressure> GetPressure() => ValueTask.FromResult(_meter.Pressure);

    public async ValueTask<ChangeResult> Pause(string reason)
    {
        _scheduler.Pause(reason);
        return await StorePauseAsync(reason);
    }

    public async ValueTask<ChangeResult> Resume()
    {
        var stored = await StorePauseAsync(null);
        if (stored is ChangeResult.Stored)
        {
            _scheduler.Resume();
            Pump();
        }

        return stored;
    }

    public async ValueTask Drain()
    {
        try
        {
            await DrainAsync(CancellationToken.None);
        }
        finally
        {
            // The caller's placement hint names the silo. The registration moves to the successor in one step, so no other owner can register meanwhile.
            MigrateOnIdle();
        }
    }

    private async ValueTask<ChangeResult> StorePauseAsync(string? reason) =>
        await _state.WritePauseAsync(_name, reason) is WriteResult.Unavailable unavailable
            ? new ChangeResult.Unavailable(unavailable.Reason)
            : ChangeResult.Stored.Instance;

    /// <summary>Starts everything that may start, and arms the timer for what comes next.</summary>
    private void Pump()
    {
        while (_terms.CanGrant && _scheduler.TryGrant() is { } grant)
        {
            Start(grant);
        }

        // Without the lease nothing can start, even if a call is due. The next successful renewal pumps again. A timer would fire at once, over and over, and
        // starve the renewal.
        if (!_terms.CanGrant)
        {
            return;
        }

        if (_scheduler.NextGrantIn() is { } delay)
        {
            // Rounded up to a timer's resolution: rounded down, the timer would fire too early, again and again.
            _pumpTimer?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private Task PumpAsync(CancellationToken cancellation)
    {
        Pump();
        return Task.CompletedTask;
    }

    private void Start(Grant grant)
    {
        switch (grant)
        {
            case Grant.ToCustomer toCustomer:
                DeliverAsync(toCustomer).Ignore();
                break;

            case Grant.Batch batch:
                DeliverAsync(batch).Ignore();
                break;

            case Grant.PassThrough passThrough:
                var permit = _terms.Grant(passThrough.Class);
                if (_passThrough.Grant(passThrough.Ticket, permit))
                {
                    _forwarded.Add(passThrough.Ticket, (permit, _history.Now));
                    ExpireAsync(passThrough.Ticket).Ignore();
                }
                else
                {
                    _scheduler.OnPassThroughEnded(passThrough.Ticket, sent: false, status: null, RateLimitSignal.None);
                    _drain.OnRequestEnded();
                }

                break;
        }
    }

    private async Task RenewLeaseAsync(CancellationToken cancellation)
    {
        try
        {
            if (!await _lease.RenewAsync(cancellation))
            {
                LogLeaseLost(_logger, _name, _lease.Epoch);
                _scheduler.StopGranting();
                DeactivateOnIdle();
                return;
            }
        }
        catch (IOException exception)
        {
            // The lease is valid until its end, so sending goes on until then.
            LogLeaseNotRenewed(_logger, _name, exception);
        }

        Pump();
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            await FindHeldAsync(cancellation);
            await foreach (var head in _sweep.NextAsync(cancellation))
            {
                _scheduler.OnFound(head.Customer, head.Head);
                if (_scheduler.InFlight == 0)
                {
                    Pump();
                }
            }

            Pump();
            await WakeReplayAsync(cancellation);
            await _retention.ForgetAsync(cancellation);
            if (await _letterRetention.ForgetAsync(cancellation) is > 0 and var deleted)
            {
                LogLettersDeleted(_logger, _name, deleted, _settings.KeepDeadLetters!.Value.TotalHours);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepFailed(_logger, _name, exception);
        }
    }

    /// <summary>A replay of the history that runs goes on after its silo has gone.</summary>
    private async Task WakeReplayAsync(CancellationToken cancellation)
    {
        if (await _state.ReadReplayAsync(_name, cancellation) is { } json && ReplayRecord.FromJson(json) is { State: HistoryReplayState.Running })
        {
            GrainFactory.GetGrain<IHistoryReplayGrain>(_name).EnsureRunning().AsTask().Ignore();
        }
    }

    /// <summary>
    /// Reads which queues are held, so that a held customer needs no permit to be known, and one whose hold has ended goes on although its report was lost.
    /// Where the policy is to hold none, each of them gets a permit, and releases itself.
    /// </summary>
    private async Task FindHeldAsync(CancellationToken cancellation)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            var page = await _deadLetters.ReadHeldAsync(_name, after, HeldPage, cancellation);
            held.UnionWith(page.Customers.Select(customer => customer.Customer));
            after = page.Next;
        }
        while (after is not null);

        if (_settings.OnDeadLetter == DeadLetterPolicy.Hold)
        {
            _scheduler.OnHeldCustomers(held);
            return;
        }

        _scheduler.OnHeldCustomers(new HashSet<string>());
        foreach (var customer in held)
        {
            _scheduler.OnWork(customer, HeadState.Of(default));
        }
    }

    private async Task SweepSlowlyAsync(CancellationToken cancellation)
    {
        try
        {
            var forgotten = await _sweep.FindForgottenAsync(_scheduler.Knows, cancellation);
            if (forgotten.Count == 0)
            {
                return;
            }

            LogForgotten(_logger, _name, forgotten.Count);
            foreach (var head in forgotten)
            {
                _scheduler.OnFound(head.Customer, head.Head);
            }

            Pump();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepFailed(_logger, _name, exception);
        }
    }

    private async Task MeasureAsync(CancellationToken cancellation)
    {
        try
        {
            await _meter.MeasureAsync(() => _scheduler.Status, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotMeasured(_logger, _name, exception);
        }
    }

    /// <summary>
    /// Stops granting, ends the waits of callers without a permit, waits for all requests in flight, and gives the lease back. A request in flight ends with its
    /// time-out at the latest. The end of a forwarded request is reported by a grain call, and calls to a deactivating grain wait. So the drain must end before
    /// the deactivation begins.
    /// </summary>
    private async Task DrainAsync(CancellationToken cancellation)
    {
        _drain.Begin();
        _scheduler.StopGranting();
        foreach (var ticket in _passThrough.SendAwayWaiting())
        {
            _scheduler.CancelPassThrough(ticket);
        }

        // If a request is still in flight, the lease is not given back. It ends after the request.
        if (await _drain.WaitAsync(cancellation))
        {
            if (_lease.IsHeld)
            {
                await _history.OnOwnerStoppedAsync(_name, _lease.Epoch);
            }

            await _lease.ReleaseAsync(_scheduler.GetSchedules());
        }
    }

    private ICustomerGrain Customer(string customer) => GrainFactory.GetCustomer(_keys, new CustomerAddress(_name, customer));
}
