using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Diagnostics;

/// <summary>The dispatcher's metrics (meter <c>CioOrleans</c>). Labels name workspace, limit class and kind; never a customer.</summary>
public sealed class DispatcherMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CioOrleans";

    private readonly DispatcherInstruments _instruments;
    private readonly ConcurrentDictionary<string, WorkspaceMetrics> _workspaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WorkspaceWatch> _watches = new(StringComparer.Ordinal);

    public DispatcherMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _instruments = new DispatcherInstruments(meter);
        meter.CreateObservableGauge("cio.queue.depth", () => Observe(gauges => gauges.Queued), "{call}", "Calls that wait, those in flight among them.");
        meter.CreateObservableGauge("cio.customers.ready", () => Observe(gauges => gauges.Ready), "{customer}", "Customers that wait for a permit.");
        meter.CreateObservableGauge("cio.requests.in_flight", () => Observe(gauges => gauges.InFlight), "{request}", "Requests on their way.");
        meter.CreateObservableGauge("cio.customers.waiting_for_retry", () => Observe(gauges => gauges.WaitingForRetry), "{customer}", "Customers whose head waits for its back-off.");
        meter.CreateObservableGauge("cio.customers.held", () => Observe(gauges => gauges.Held), "{customer}", "Customers whose queues a dead letter holds.");
        meter.CreateObservableGauge("cio.dead_letters", () => Observe(gauges => gauges.DeadLetters), "{call}", "Dead letters that wait for an operator.");
        meter.CreateObservableGauge("cio.queue.oldest_age", () => ObserveSeconds(gauges => gauges.OldestFor), "s", "Since the accept of the oldest waiting call; 0 if none waits.");
        meter.CreateObservableGauge("cio.limit.used", ObserveLimits, description: "Share of a limit's tokens that are out; 1 while a request must wait for one.");
        meter.CreateObservableGauge("cio.workspace.paused", () => Observe(gauges => gauges.IsPaused ? 1 : 0), description: "1 while an operator has paused everything, or only probes are sent to one of the hosts.");
        meter.CreateObservableGauge("cio.host.state", () => ObserveHosts(host => (long)host.State), description: "0 while calls to the host are delivered, 1 in an outage of it, 2 while it refuses the workspace's settings.");
        meter.CreateObservableGauge("cio.host.requests_in_flight", () => ObserveHosts(host => host.InFlight), "{request}", "Requests to the host that are on their way.");
        meter.CreateObservableGauge("cio.host.slots", () => ObserveHosts(host => host.Slots), "{request}", "Requests that the host may have at once.");
        meter.CreateObservableGauge("cio.lease.epoch", () => ObserveLeases(lease => (double)lease.Epoch), description: "The epoch of the workspace's lease, where its owner lives. Each new owner raises it.");
        meter.CreateObservableGauge("cio.lease.age", () => ObserveLeases(lease => lease.RenewedFor.TotalSeconds), "s", "Since the last renewal of the workspace's lease that succeeded, where its owner lives. An owner renews twice a second.");
        meter.CreateObservableGauge("cio.lease.remaining", () => ObserveLeases(lease => lease.EndsIn.TotalSeconds), "s", "Until the workspace's lease ends unless it is renewed, where its owner lives; negative once it has ended.");
    }

    /// <summary>The metrics of one workspace. Keep the result where it is used often.</summary>
    public WorkspaceMetrics Of(string workspace) => _workspaces.GetOrAdd(workspace, static (name, instruments) => new WorkspaceMetrics(name, instruments), _instruments);

    /// <summary>
    /// Reports a workspace's gauges until the result is disposed. A later watch of the same workspace replaces an earlier one, whose disposal then has no
    /// effect: an activation may outlive the start of its successor.
    /// </summary>
    /// <param name="workspace">The workspace's name.</param>
    /// <param name="read">Called from any thread, so it must not wait and must read only data that is safe to read there.</param>
    /// <param name="readLease">As <paramref name="read"/>; returns null if the workspace's lease is not held. Null reports no lease.</param>
    public IDisposable Watch(string workspace, Func<WorkspaceGauges> read, Func<LeaseGauges?>? readLease = null)
    {
        var watch = new WorkspaceWatch(workspace, read, readLease ?? (() => null), _watches);
        _watches[workspace] = watch;
        return watch;
    }

    private IEnumerable<Measurement<long>> Observe(Func<WorkspaceGauges, long> select) =>
        _watches.Values.Select(watch => new Measurement<long>(select(watch.Read()), watch.Label));

    private IEnumerable<Measurement<double>> ObserveSeconds(Func<WorkspaceGauges, TimeSpan> select) =>
        _watches.Values.Select(watch => new Measurement<double>(select(watch.Read()).TotalSeconds, watch.Label));

    private IEnumerable<Measurement<double>> ObserveLimits() => _watches.Values.SelectMany(watch =>
        (watch.Read().Limits ?? []).Select(limit => new Measurement<double>(limit.Share, watch.Label, new("limit_class", limit.LimitClass.ToName()))));

    private IEnumerable<Measurement<double>> ObserveLeases(Func<LeaseGauges, double> select)
    {
        foreach (var watch in _watches.Values)
        {
            if (watch.ReadLease() is { } lease)
            {
                yield return new Measurement<double>(select(lease), watch.Label);
            }
        }
    }

    private IEnumerable<Measurement<long>> ObserveHosts(Func<HostStatus, long> select) =>
        _watches.Values.SelectMany(watch => (watch.Read().Hosts ?? []).Select(host => new Measurement<long>(select(host), watch.Label, new("host", host.Host.ToName()))));
}
