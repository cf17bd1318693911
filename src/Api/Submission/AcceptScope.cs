using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Silo.Observability;

namespace CioOrleans.Api.Submission;

/// <summary>
/// What telemetry sees of the accept of calls: tags of the request's span, if it is sampled, and how long the accept took. Its exemplars name the request's
/// trace.
/// </summary>
public readonly struct AcceptScope
{
    private static readonly Meter _meter = new(ObservabilityExtensions.MeterName);
    private static readonly Histogram<double> _time = _meter.CreateHistogram(
        "cio.accept.time",
        "s",
        "From a call that was read and checked to its accept or refusal by its customer's grain.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private readonly TimeProvider _clock;
    private readonly KeyValuePair<string, object?> _workspace;
    private readonly long _startedAt;

    /// <summary>Begins the accept of calls of one customer.</summary>
    public AcceptScope(TimeProvider clock, string workspace, Call first, int count)
    {
        _clock = clock;
        _workspace = new("workspace", workspace);
        _startedAt = clock.GetTimestamp();
        if (Activity.Current is { IsAllDataRequested: true } request)
        {
            Describe(request, workspace, first, count);
        }
    }

    /// <summary>The accept has ended.</summary>
    public void End()
    {
        if (_time.Enabled)
        {
            _time.Record(_clock.GetElapsedTime(_startedAt).TotalSeconds, _workspace);
        }
    }

    /// <summary>A request has one call, or the operations of a batch, which come here customer by customer.</summary>
    private static void Describe(Activity request, string workspace, Call first, int count)
    {
        var calls = (request.GetTagItem("cio.calls") as int? ?? 0) + count;
        request.SetTag("cio.workspace", workspace).SetTag("cio.calls", calls).SetTag("cio.call_id", calls == 1 ? first.Id.ToString() : null);
        if (request.GetTagItem("cio.kind") is null)
        {
            request.SetTag("cio.kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(first.Kind.ToString()));
        }
    }
}
