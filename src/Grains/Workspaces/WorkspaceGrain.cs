using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CioOrleans.Grains.Workspaces;

/// <inheritdoc cref="IWorkspaceGrain"/>
/// <remarks>
/// Every change of its state is synchronous, so reentrancy is harmless: a delivery is a call that is started here and whose
/// completion is handled later. All decisions are the <see cref="WorkspaceScheduler"/>'s.
/// </remarks>
[Reentrant, KeepAlive, GrainDirectory(OwnerDirectory.Name)]
internal sealed partial class WorkspaceGrain : Grain, IWorkspaceGrain
{
    /// <summary>An attempt must begin within this time of its permit's grant, so that a permit that is lost on its way cannot surface long after.</summary>
    private static readonly TimeSpan _permitLife = TimeSpan.FromSeconds(2);

    /// <summary>What a delivery takes beside waiting for its start and for Customer.io: two grain calls and a commit.</summary>
    private static readonly TimeSpan _overhead = TimeSpan.FromSeconds(1);

    /// <summary>So many grains send a workspace's batches, so that they spread over the silos.</summary>
    private const int BatchGrains = 16;

    /// <summary>Customer.io's own figure: more than so many broadcasts must not wait.</summary>
    private const int MaxBroadcastsWaiting = 5;

    private readonly WorkspaceSettings _settings;
    private readonly WorkspaceScheduler _scheduler;
    private readonly WorkspaceLease _lease;
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
    private readonly IOutbox _outbox;
    private readonly IDeadLetterStore _deadLetters;
    private readonly IWorkspaceStateStore _state;
    private readonly DispatcherMetrics _allMetrics;
    private readonly WorkspaceMetrics _metrics;
    private readonly ILogger<WorkspaceGrain> _logger;
    private readonly TimeProvider _time;
    private readonly string _name;
    private IGrainTimer? _pumpTimer;
    private IDisposable? _gauges;
    private TaskCompletionSource? _drained;
    private bool _isDraining;

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
        TimeProvider time,
        ILogger<WorkspaceGrain> logger)
    {
        _name = this.GetPrimaryKeyString();
        _settings = workspaces.Get(_name);
        _scheduler = new WorkspaceScheduler(_settings, time, new Random());
        _lease = new WorkspaceLease(leases, _name);
        _local = local;
        _membership = membership;
        _self = self;
        _departures = departures;
        _sweep = new WorkspaceSweep(outbox, _name);
        _retention = new SendRetention(sends, _name, _settings.Sends.KeepResults, time);
        _letterRetention = new DeadLetterRetention(deadLetters, _name, _settings.KeepDeadLetters, time);
        _passThrough = new PassThroughTickets();
        _meter = new WorkspaceMeter(_settings, outbox, metrics.Of(_name), time);
        _keys = keys;
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

            // After a partition this silo may still believe in a cluster of its own, and would take the lease from an owner that lives.
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
        var status = _scheduler.Status;
        return new WorkspaceStatus(
            status.Limits, queued, status.Ready, status.InFlight, status.WaitingForRetry, deadLetters, status.IsPaused, status.PauseReason, _lease.Epoch, RuntimeIdentity, status.Hosts);
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
            // To where the caller's placement hint says. Until the successor has registered in this owner's place nobody else can.
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
        while (_lease.Holds(_settings.LongestRequest) && _scheduler.TryGrant() is { } grant)
        {
            Start(grant);
        }

        // Without the lease nothing can start, however long something has been due: the renewal that gets it back pumps again. A
        // timer would fire at once, over and over, and the grain would never come to the end of any await, the renewal's first.
        if (!_lease.Holds(_settings.LongestRequest))
        {
            return;
        }

        if (_scheduler.NextGrantIn() is { } delay)
        {
            // Rounded up to what a timer can do: rounded down it would fire too early, again and again.
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
                if (_passThrough.Grant(passThrough.Ticket, PermitFor(passThrough.Class)))
                {
                    ExpireAsync(passThrough.Ticket).Ignore();
                }
                else
                {
                    _scheduler.OnPassThroughEnded(passThrough.Ticket, sent: false, status: null, RateLimitSignal.None);
                    EndDrain();
                }

                break;
        }
    }

    /// <summary>A permit ends before its lease does, by its longest request: when a lease has ended, so has every request under it.</summary>
    private Permit PermitFor(LimitClass limitClass) =>
        new(_lease.Epoch, limitClass, _lease.LatestStart(_settings.LongestRequest, _permitLife), _settings.AttemptTimeout) { GrantedAt = _lease.Now };

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
            // The lease goes on until its end, and with it the sending.
            LogLeaseNotRenewed(_logger, _name, exception);
        }

        Pump();
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var head in _sweep.NextAsync(cancellation))
            {
                _scheduler.OnWork(head.Customer, head.Head);
                if (_scheduler.InFlight == 0)
                {
                    Pump();
                }
            }

            Pump();
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
                _scheduler.OnWork(head.Customer, head.Head);
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
    /// Grants nothing any more, sends away callers that only wait for a permit, waits for everything in flight, and gives the lease back.
    /// What is in flight ends by its own time-out at the latest. A request that was forwarded is reported by a call, so a drain must end
    /// before the deactivation begins: calls to a grain that deactivates wait.
    /// </summary>
    private async Task DrainAsync(CancellationToken cancellation)
    {
        _isDraining = true;
        _scheduler.StopGranting();
        foreach (var ticket in _passThrough.SendAwayWaiting())
        {
            _scheduler.CancelPassThrough(ticket);
        }

        if (_scheduler.InFlight > 0)
        {
            _drained ??= new TaskCompletionSource();
            await _drained.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // With something still in flight the lease runs out by itself, after it.
        if (_scheduler.InFlight == 0)
        {
            await _lease.ReleaseAsync(_scheduler.GetSchedules());
        }
    }

    /// <summary>To be called after whatever may have ended the last thing in flight.</summary>
    private void EndDrain()
    {
        if (_scheduler.InFlight == 0)
        {
            _drained?.TrySetResult();
        }
    }

    private ICustomerGrain Customer(string customer) => GrainFactory.GetCustomer(_keys, new CustomerAddress(_name, customer));
}
