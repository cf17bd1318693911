using CioOrleans.Attempts;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Scheduling;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    private async Task DeliverAsync(Grant.ToCustomer grant)
    {
        _metrics.Permitted(grant.Class, grant.Waited);
        var (began, lost) = (_time.GetTimestamp(), CountLostSilos());
        var (permit, grantedAt) = (_terms.Grant(grant.Class) with { LastActivation = grant.LastActivation }, _history.Now);
        try
        {

            // A silo that left in good order had let its deliveries end, and may have passed this one on: it can still run elsewhere, under its
            // permit. Its customer need not wait for that, because its grain carries out one permit after the other; its token must.
            var outcome = await UntilEndedAsync(
                () => Customer(grant.Customer).DeliverNext(permit), exception => exception is SiloUnavailableException && CountLostSilos() == lost);
            Observe(grant.Class, outcome);
            Note(outcome.Signal, grant.Class);
            if (outcome is not DeliveryOutcome.Unused && !_history.IsTold(outcome.IsRecorded, outcome.IsKept))
            {
                // Its token counts from the end that the report tells.
                RecordUnreported(permit, grantedAt, grant.Customer, -outcome.SinceResponse);
            }

            await ApplyAsync(grant.Class, _scheduler.OnOutcome(grant.Customer, outcome));
        }
        catch (Exception exception) when (GrainCalls.NeverRan(exception))
        {
            _scheduler.OnRefused(grant.Customer);
        }
        catch (Exception exception)
        {
            LogDeliveryLost(_logger, _name, exception);
            var untilEnded = _terms.UntilEnded(began);
            _scheduler.OnLost(grant.Customer, untilEnded);
            RecordUnreported(permit, grantedAt, grant.Customer, untilEnded);
        }

        GoOn();
    }

    private async Task DeliverAsync(Grant.Batch grant)
    {
        _metrics.Permitted(grant.Class, grant.Waited);
        var batches = GrainFactory.GetGrain<IBatchGrain>($"{_name}/{grant.Ticket % BatchGrains}");
        IReadOnlyList<HeadChange> changes = [];
        var (permit, grantedAt) = (_terms.Grant(grant.Class), _history.Now);
        try
        {
            var outcome = await UntilEndedAsync(() => batches.Deliver(permit, grant.Customers, grant.LastActivations));
            changes = _scheduler.OnBatchOutcome(grant.Ticket, outcome);
            if (outcome.WasSent && !_history.IsTold(outcome.IsRecorded, outcome.IsKept))
            {
                RecordUnreported(permit, grantedAt, untilEnded: -outcome.SinceResponse);
            }

            Note(outcome.Signal, grant.Class);
            foreach (var item in outcome.Items)
            {
                Observe(grant.Class, item);
            }
        }
        catch (Exception exception) when (GrainCalls.NeverRan(exception))
        {
            _scheduler.OnBatchRefused(grant.Ticket);
        }
        catch (Exception exception)
        {
            LogDeliveryLost(_logger, _name, exception);
            _scheduler.OnBatchLost(grant.Ticket);
            RecordUnreported(permit, grantedAt);
        }

        GoOn();
        await Task.WhenAll(changes.Select(change => ApplyAsync(grant.Class, change)));
        GoOn();
    }

    /// <summary>Records a permit whose request may have been sent, and of which no customer has stored a row as far as is known. It ends now, or in a while, or ended a while ago.</summary>
    private void RecordUnreported(Permit permit, HistoryTime grantedAt, string? customer = null, TimeSpan untilEnded = default) =>
        _history.RecordAsync(_history.OfPermit(_name, permit, grantedAt, HistoryResult.Unreported, customer: customer, untilEnded: untilEnded)).AsTask().Ignore();

    private async Task ApplyAsync(LimitClass limitClass, HeadChange change)
    {
        switch (change)
        {
            case HeadChange.Postpone postpone:
                _metrics.Postponed(limitClass);
                await TellAsync(postpone.Customer, customer => customer.Postpone(postpone.Sequence, postpone.Attempts, postpone.NotBefore, postpone.Reason));
                break;

            case HeadChange.MakeDeadLetter dead:
                LogDeadLetter(_logger, _name, dead.Attempts, dead.Reason);
                if (await TellAsync(dead.Customer, customer => customer.MakeDeadLetter(dead.Sequence, dead.Attempts, dead.Reason)) is { } next)
                {
                    _scheduler.OnDeadLetterMade(dead.Customer, next);
                }

                break;
        }
    }

    /// <summary>Null where the customer could not be told; it rests then.</summary>
    private async Task<HeadState?> TellAsync(string customer, Func<ICustomerGrain, ValueTask<HeadState>> tell)
    {
        try
        {
            return await tell(Customer(customer));
        }
        catch (Exception exception)
        {
            LogDeliveryLost(_logger, _name, exception);
            _scheduler.OnLost(customer);
            return null;
        }
    }

    private void GoOn()
    {
        Pump();
        _drain.OnRequestEnded();
    }

    /// <summary>Carries out a grain call that delivers. A call that failed is thrown on only when its request must have ended.</summary>
    /// <param name="deliver">The grain call.</param>
    /// <param name="needsNoWait">Whether the caller of this method takes care of the end itself after such a failure.</param>
    private async Task<T> UntilEndedAsync<T>(Func<ValueTask<T>> deliver, Func<Exception, bool>? needsNoWait = null)
    {
        var began = _time.GetTimestamp();
        try
        {
            // A call to a silo that has crashed may hang for longer.
            return await deliver().AsTask().WaitAsync(_terms.Longest, _time);
        }
        catch (Exception exception) when (!GrainCalls.NeverRan(exception))
        {
            // A silo that is taken for dead may still be sending: neither the token nor the customer is free before.
            if (needsNoWait?.Invoke(exception) != true && _terms.UntilEnded(began) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, _time);
            }

            throw;
        }
    }

    private long CountLostSilos()
    {
        var view = _membership.CurrentSnapshot;
        return _departures.CountLost(view.Members.Select(member => KeyValuePair.Create(member.Key, member.Value.Status)), view.Version);
    }

    private void Note(RateLimitSignal signal, LimitClass limitClass)
    {
        if (signal.Ignored > 0)
        {
            _metrics.HeadersIgnored(limitClass, signal.Ignored);
        }
    }

    private void Observe(LimitClass limitClass, DeliveryOutcome outcome)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Delivered:
                _meter.OnDelivered();
                break;

            case DeliveryOutcome.Throttled:
                _metrics.Throttled(limitClass);
                break;

            case DeliveryOutcome.Rejected rejected:
                LogRejected(_logger, _name, rejected.Status);
                break;

            case DeliveryOutcome.Misconfigured misconfigured:
                var host = _settings.HostOf(limitClass);
                LogMisconfigured(_logger, _name, host.ToTitle(), misconfigured.Reason, limitClass.ToHost() switch
                {
                    UpstreamHost.App => _settings.AppApiKey is null || host == UpstreamHost.Track ? nameof(_settings.ServiceToken) : nameof(_settings.AppApiKey),
                    UpstreamHost.Pipelines => nameof(_settings.PipelinesWriteKey),
                    _ => $"{nameof(_settings.SiteId)}, {nameof(_settings.ApiKey)}",
                });
                break;
        }
    }
}
