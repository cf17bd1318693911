using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery.Tracing;

/// <summary>
/// What telemetry sees of one request to Customer.io, or of one call's part in a batch: a span, if somebody listens, and the request's duration. The span is
/// current until the scope is disposed, so that exemplars of metrics that are recorded meanwhile name its trace. Nothing of it is sent to Customer.io.
/// </summary>
/// <remarks>
/// The span of a call's attempt is a child of the span under which the call was accepted (<see cref="CallNotes.TraceParent"/>), and links to it. A batch is a
/// child of the first sampled call in it, and links to all of them.
/// </remarks>
public readonly struct AttemptScope : IDisposable
{
    /// <summary>The name of the dispatcher's source of spans, and of its meter.</summary>
    public const string SourceName = "CioOrleans";

    /// <summary>The maximum number of links of a span.</summary>
    public const int MaxLinks = 128;

    private static readonly ActivitySource _source = new(SourceName);
    private static readonly Meter _meter = new(SourceName);
    private static readonly Histogram<double> _time = _meter.CreateHistogram(
        "cio.attempt.time",
        "s",
        "Duration of a request to Customer.io, until the beginning of its answer's body or its end without an answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static readonly string[] _limits = [.. Enum.GetValues<LimitClass>().Select(limitClass => limitClass.ToName())];

    private readonly TimeProvider _clock;
    private readonly string _workspace;
    private readonly LimitClass _limitClass;
    private readonly long _startedAt;
    private readonly Activity? _span;

    private AttemptScope(TimeProvider clock, string workspace, LimitClass limitClass, Activity? span)
    {
        _clock = clock;
        _workspace = workspace;
        _limitClass = limitClass;
        _startedAt = clock.GetTimestamp();
        _span = span;
    }

    /// <summary>The span as a W3C trace context; null if it is not sampled.</summary>
    public string? TraceParent => _span is { Recorded: true } ? _span.Id : null;

    /// <summary>Begins the attempt of one call.</summary>
    /// <param name="clock">The monotonic clock.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    public static AttemptScope OfCall(TimeProvider clock, WorkspaceSettings workspace, Call call, int attempt)
    {
        var span = Start("cio.attempt", ActivityKind.Client, call.Notes.TraceParent);
        Describe(span, workspace, call.LimitClass, call.Method);
        DescribeCall(span, call, attempt);
        return new AttemptScope(clock, workspace.Name, call.LimitClass, span);
    }

    /// <summary>Begins the one request of several calls.</summary>
    /// <param name="clock">The monotonic clock.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="calls">The calls, at least one.</param>
    public static AttemptScope OfBatch(TimeProvider clock, WorkspaceSettings workspace, IReadOnlyList<Call> calls)
    {
        if (calls.Count == 1)
        {
            return OfCall(clock, workspace, calls[0], attempt: 0);
        }

        var limitClass = calls[0].LimitClass;
        Activity? span = null;
        if (_source.HasListeners())
        {
            List<ActivityLink> links = [];
            foreach (var call in calls)
            {
                if (links.Count < MaxLinks && TraceParents.TryParse(call.Notes.TraceParent, out var context))
                {
                    links.Add(new ActivityLink(context));
                }
            }

            var sampled = links.FindIndex(link => link.Context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
            span = Start("cio.batch", ActivityKind.Client, links.ElementAtOrDefault(Math.Max(sampled, 0)).Context, links);
            Describe(span, workspace, limitClass, "POST");
            span?.SetTag("cio.calls", calls.Count);
        }

        return new AttemptScope(clock, workspace.Name, limitClass, span);
    }

    /// <summary>Begins a request that is forwarded while its caller waits. Its span is a child of the caller's request.</summary>
    /// <param name="clock">The monotonic clock.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="limitClass">The class of the request.</param>
    /// <param name="method">The HTTP method.</param>
    public static AttemptScope OfForward(TimeProvider clock, WorkspaceSettings workspace, LimitClass limitClass, string method)
    {
        var span = _source.StartActivity("cio.forward", ActivityKind.Client);
        Describe(span, workspace, limitClass, method);
        return new AttemptScope(clock, workspace.Name, limitClass, span);
    }

    /// <summary>Begins the span of one call's part in a batch, in the call's own trace; null if the call is not sampled. It links to the request.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="request">The trace context of the request; null if it is not sampled.</param>
    public static Activity? StartBatchItem(WorkspaceSettings workspace, Call call, int attempt, string? request)
    {
        if (!_source.HasListeners() || !TraceParents.TryParse(call.Notes.TraceParent, out var parent))
        {
            return null;
        }

        var span = Start("cio.batch.item", ActivityKind.Internal, parent, TraceParents.TryParse(request, out var batch) ? [new ActivityLink(batch)] : null);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("cio.workspace", workspace.Name).SetTag("cio.limit", _limits[(int)call.LimitClass]);
            DescribeCall(span, call, attempt);
        }

        return span;
    }

    /// <summary>Records how one call of a batch fared.</summary>
    /// <param name="span">From <see cref="StartBatchItem"/>.</param>
    /// <param name="status">Customer.io's status for the call; 0 for none.</param>
    public static void EndBatchItem(Activity? span, int status) => Conclude(span, status, status == 0 ? "no_response" : null);

    /// <summary>The request has ended.</summary>
    public void End(AttemptResult result)
    {
        switch (result)
        {
            case AttemptResult.Response response:
                End(response.Status, null);
                break;

            case AttemptResult.NoResponse failure:
                End(0, JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.Kind.ToString()));
                break;

            case AttemptResult.PermitExpired:
                End(0, "permit_expired");
                break;

            default:
                End(0, "unsendable");
                break;
        }
    }

    /// <summary>The request has ended.</summary>
    /// <param name="status">The answer's status; 0 if there was none.</param>
    /// <param name="error">Why there was no answer, as a word; null if there was one.</param>
    public void End(int status, string? error)
    {
        var took = _clock.GetElapsedTime(_startedAt);
        if (_time.Enabled)
        {
            _time.Record(took.TotalSeconds, new("workspace", _workspace), new("limit_class", _limits[(int)_limitClass]));
        }

        if (_span is not null)
        {
            // What follows, such as the commit of the result, is not part of the request.
            _span.SetEndTime(_span.StartTimeUtc + took);
            Conclude(_span, status, error);
        }
    }

    /// <summary>Ends the span.</summary>
    public void Dispose() => _span?.Dispose();

    private static Activity? Start(string name, ActivityKind kind, string? traceParent)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        return TraceParents.TryParse(traceParent, out var accept) ? Start(name, kind, accept, [new ActivityLink(accept)]) : Start(name, kind, default, null);
    }

    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, IReadOnlyList<ActivityLink>? links)
    {
        // The span belongs to the accept's trace, or to none, and not to a trace that happens to be current here.
        Activity.Current = null;
        return _source.StartActivity(name, kind, parent, tags: null, links);
    }

    private static void Describe(Activity? span, WorkspaceSettings workspace, LimitClass limitClass, string method)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        // Neither the path nor the whole URL: they name customers.
        var url = OutgoingRequest.UrlOf(workspace, limitClass);
        span.SetTag("http.request.method", method).SetTag("server.address", url.Host).SetTag("server.port", url.Port).SetTag("url.scheme", url.Scheme)
            .SetTag("network.protocol.version", "1.1").SetTag("cio.workspace", workspace.Name).SetTag("cio.limit", _limits[(int)limitClass]);
    }

    private static void DescribeCall(Activity? span, Call call, int attempt)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag("cio.call_id", call.Id.ToString()).SetTag("cio.kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(call.Kind.ToString()));
        if (attempt > 0)
        {
            span.SetTag("cio.attempt", attempt);
        }
    }

    private static void Conclude(Activity? span, int status, string? error)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        if (status > 0)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (error is not null || status >= 400)
        {
            span.SetTag("error.type", error ?? status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }
    }
}
