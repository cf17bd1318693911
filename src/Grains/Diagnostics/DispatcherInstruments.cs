using System.Diagnostics.Metrics;

namespace CioOrleans.Grains.Diagnostics;

/// <summary>The counters and histograms of the meter.</summary>
internal sealed class DispatcherInstruments(Meter meter)
{
    // A permit is granted at once or a few windows later; a delivery takes milliseconds, or hours after an outage.
    private static readonly InstrumentAdvice<double> _permitBuckets = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };
    private static readonly InstrumentAdvice<double> _deliveryBuckets = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400] };

    public Counter<long> Accepted { get; } = meter.CreateCounter<long>("cio.calls.accepted", "{call}", "Calls that are on stable storage and were acknowledged.");

    public Counter<long> Duplicates { get; } = meter.CreateCounter<long>("cio.calls.duplicates", "{call}", "Calls that were acknowledged because an earlier one of the same key had been.");

    public Counter<long> Delivered { get; } = meter.CreateCounter<long>("cio.calls.delivered", "{call}", "Calls that Customer.io took.");

    public Counter<long> DeadLettered { get; } = meter.CreateCounter<long>("cio.calls.dead_lettered", "{call}", "Calls that were given up.");

    public Counter<long> Discarded { get; } = meter.CreateCounter<long>("cio.calls.discarded", "{call}", "Waiting calls that an operator discarded.");

    public Counter<long> Postponed { get; } = meter.CreateCounter<long>("cio.attempts.postponed", "{attempt}", "Failed attempts that will be repeated.");

    public Counter<long> Throttled { get; } = meter.CreateCounter<long>("cio.responses.throttled", "{response}", "Responses with status 429.");

    public Counter<long> IgnoredHeaders { get; } = meter.CreateCounter<long>("cio.rate_limit_headers.ignored", "{header}", "Rate-limit headers that were nonsense.");

    public Counter<long> Outages { get; } = meter.CreateCounter<long>("cio.outages", "{outage}", "Times that Customer.io was found to be down.");

    public Histogram<double> PermitWait { get; } = meter.CreateHistogram("cio.permit.wait", "s", "From ready to the permit.", advice: _permitBuckets);

    public Histogram<double> DeliveryTime { get; } = meter.CreateHistogram("cio.delivery.time", "s", "From accept to the response that settled the call.", advice: _deliveryBuckets);
}
