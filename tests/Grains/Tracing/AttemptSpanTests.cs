using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Client;
using CioOrleans.Customers;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Limits;
using CioOrleans.Testing;

namespace CioOrleans.Tracing;

/// <summary>The spans of attempts, by a listener in this process. Other tests of this process make spans too, so each test looks at its own traces.</summary>
public sealed class AttemptSpanTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentDictionary<(string Instrument, ActivityTraceId Trace), int> _exemplars = new();

    [Fact]
    public async Task An_attempt_belongs_to_the_trace_of_its_accept_after_a_restart_too_whatever_the_kind_of_the_call()
    {
        using var listener = Listen();
        List<(Func<IWorkspaceDispatcher, ValueTask<AcceptResult>> Accept, string Kind)> calls =
        [
            (to => to.Customer("1").IdentifyAsync(new { a = 1 }), "identify"),
            (to => to.Customer("1").TrackAsync("e"), "event"),
            (to => to.Customer("2").PageAsync("/p"), "page"),
            (to => to.Customer("3").AddOrUpdateDeviceAsync("d", "ios"), "add_device"),
            (to => to.Customer("3").DeleteDeviceAsync("d"), "delete_device"),
            (to => to.Customer("4").SuppressAsync(), "suppress"),
            (to => to.Customer("4").UnsuppressAsync(), "unsuppress"),
            (to => to.Customer("5").DeleteAsync(), "delete_customer"),
            (to => to.MergeAsync("6", "7"), "merge"),
            (to => to.TrackAnonymousAsync("anonymous", "e"), "anonymous_event"),
        ];
        List<ActivityContext> accepts = [];
        await using (var first = await StartAsync())
        {
            await first.Workspace.Pause("the test");
            foreach (var (accept, _) in calls)
            {
                accepts.Add(await UnderTraceAsync(() => accept(first.Dispatcher)));
            }
        }

        await using var host = await StartAsync();
        await host.Workspace.Resume();
        await host.WaitUntilAsync(status => status.Queued == 0);

        for (var i = 0; i < calls.Count; i++)
        {
            var attempt = Assert.Single(await SpansOfAsync(accepts[i].TraceId, 1));
            Assert.Equal(("cio.attempt", ActivityKind.Client, accepts[i].SpanId), (attempt.OperationName, attempt.Kind, attempt.ParentSpanId));
            var link = Assert.Single(attempt.Links).Context;
            Assert.Equal((accepts[i].TraceId, accepts[i].SpanId), (link.TraceId, link.SpanId));
            Assert.Equal((calls[i].Kind, "acme", 1), (attempt.GetTagItem("cio.kind"), attempt.GetTagItem("cio.workspace"), attempt.GetTagItem("cio.attempt")));
            Assert.Equal((200, Sandbox.Url.Port, ActivityStatusCode.Unset), (attempt.GetTagItem("http.response.status_code"), attempt.GetTagItem("server.port"), attempt.Status));
            Assert.True(Ulid.TryParse((string?)attempt.GetTagItem("cio.call_id"), null, out _));
        }

        // Nothing of it reaches Customer.io.
        Assert.All(Sandbox.Requests, request => Assert.DoesNotContain(
            request.Headers, header => header.Key.Contains("trace", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("Request-Id", StringComparison.OrdinalIgnoreCase)
                || header.Key.Equals("Correlation-Context", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("baggage", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Each_attempt_and_the_replay_of_a_dead_letter_are_spans_of_the_same_trace()
    {
        using var listener = Listen();
        await using var host = await StartAsync(("Retry:BaseDelay", "100ms"));
        Sandbox.Faults = Sandbox.Faults with { ServerError = 1, RefuseFirst = "odd" };
        var accept = await UnderTraceAsync(() => host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 1, note = "odd" }));
        await SpansOfAsync(accept.TraceId, 1);
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0 };
        await host.WaitUntilAsync(status => status.DeadLetters == 1);
        var failed = await SpansOfAsync(accept.TraceId, 2);
        var letter = Assert.Single((await host.DeadLetters.Read(null, 10)).DeadLetters);
        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letter.Call.Id, UnhurriedAccepts.Never));

        var spans = await SpansOfAsync(accept.TraceId, failed.Count + 1);

        Assert.Equal((500, 1, "500"), (failed[0].GetTagItem("http.response.status_code"), failed[0].GetTagItem("cio.attempt"), failed[0].GetTagItem("error.type")));
        Assert.Equal(400, failed[^1].GetTagItem("http.response.status_code"));
        Assert.All(failed, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.Equal((200, ActivityStatusCode.Unset), (spans[^1].GetTagItem("http.response.status_code"), spans[^1].Status));
        Assert.All(spans, span => Assert.Equal(accept.SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task The_request_of_a_batch_links_to_all_of_its_calls_and_each_call_has_a_span_that_links_back()
    {
        using var listener = Listen();
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));
        await host.Workspace.Pause("the test");
        List<ActivityContext> accepts = [];
        for (var i = 0; i < 5; i++)
        {
            var customer = i;
            accepts.Add(await UnderTraceAsync(() => AcceptAsync(host, $"id:c{customer}"), ActivityTraceFlags.Recorded));
        }

        // Not sampled: the caller's context is kept, and no span is made of it.
        var quiet = await UnderTraceAsync(() => AcceptAsync(host, "id:quiet"), ActivityTraceFlags.None);
        Assert.IsType<AcceptResult.Accepted>(await AcceptAsync(host, "id:untraced"));

        await host.Workspace.Resume();
        await host.WaitUntilAsync(status => status.Queued == 0);

        Assert.Single(Sandbox.Requests);
        var items = new List<Activity>();
        foreach (var accept in accepts)
        {
            items.Add(Assert.Single(await SpansOfAsync(accept.TraceId, 1, "cio.batch.item")));
            Assert.Equal(accept.SpanId, items[^1].ParentSpanId);
        }

        var request = Assert.Single(_spans, span => span.OperationName == "cio.batch" && accepts.Any(accept => accept.TraceId == span.TraceId));
        Assert.Equal(accepts.Append(quiet).Select(accept => accept.SpanId).Order(Comparer<ActivitySpanId>.Create((a, b) => string.CompareOrdinal(a.ToHexString(), b.ToHexString()))),
            request.Links.Select(link => link.Context.SpanId).Order(Comparer<ActivitySpanId>.Create((a, b) => string.CompareOrdinal(a.ToHexString(), b.ToHexString()))));
        Assert.Equal((7, 200), (request.GetTagItem("cio.calls"), request.GetTagItem("http.response.status_code")));
        Assert.All(items, item => Assert.Equal(request.SpanId, Assert.Single(item.Links).Context.SpanId));
        Assert.DoesNotContain(_spans, span => span.TraceId == quiet.TraceId);
    }

    [Fact]
    public async Task Latencies_are_recorded_while_a_span_of_the_calls_trace_is_current()
    {
        using var listener = Listen();
        using var meters = ListenToMeters();
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));

        var alone = await UnderTraceAsync(() => host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 1 }));
        var batched = await UnderTraceAsync(() => AcceptAsync(host, "id:c1"), ActivityTraceFlags.Recorded);
        await host.WaitUntilAsync(status => status.Queued == 0);

        await Wait.UntilAsync("The measurements of the calls", _patience, () => Task.FromResult(
            new[] { ("cio.attempt.time", alone.TraceId), ("cio.delivery.time", alone.TraceId), ("cio.attempt.time", batched.TraceId), ("cio.delivery.time", batched.TraceId) }
                .All(_exemplars.ContainsKey)));
    }

    private static ValueTask<AcceptResult> AcceptAsync(DispatcherHost host, string customer)
    {
        var call = new Call
        {
            Id = Ulid.NewUlid(),
            Kind = CallKind.Identify,
            LimitClass = LimitClass.Batch,
            Method = "POST",
            Target = "/api/v2/entity",
            Headers = [new("Content-Type", "application/json")],
            Body = Encoding.UTF8.GetBytes($$$"""{"type":"person","identifiers":{"id":"{{{customer}}}"},"action":"identify","attributes":{"seq":1}}"""),
            AcceptedAt = TimeProvider.System.GetUtcNow(),
            Notes = new CallNotes { TraceParent = Activity.Current?.Id },
        };
        return host.Customer(customer).Accept(call);
    }

    private static Task<ActivityContext> UnderTraceAsync(Func<ValueTask<AcceptResult>> accept) => UnderTraceAsync(accept, ActivityTraceFlags.Recorded);

    /// <summary>Accepts a call under a span of the caller's own, and returns the span.</summary>
    private static async Task<ActivityContext> UnderTraceAsync(Func<ValueTask<AcceptResult>> accept, ActivityTraceFlags flags)
    {
        using var span = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C);
        span.ActivityTraceFlags = flags;
        span.Start();
        Assert.IsType<AcceptResult.Accepted>(await accept());
        return span.Context;
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AttemptScope.SourceName,

            // As the default sampler of OpenTelemetry: what the parent says, and all without a parent.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private MeterListener ListenToMeters()
    {
        var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AttemptScope.SourceName && instrument is Histogram<double>)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
        {
            if (Activity.Current is { Recorded: true, TraceId: var trace })
            {
                _exemplars[(instrument.Name, trace)] = 1;
            }
        });
        meters.Start();
        return meters;
    }

    /// <summary>The spans of a trace in the order of their ends, once there are as many.</summary>
    private Task<IReadOnlyList<Activity>> SpansOfAsync(ActivityTraceId trace, int count, string? name = null) => Wait.ForAnswerAsync<IReadOnlyList<Activity>>(
        "The spans of the trace", _patience, () => Task.FromResult<IReadOnlyList<Activity>?>(
            _spans.Where(span => span.TraceId == trace && span.Source.Name == AttemptScope.SourceName && (name is null || span.OperationName == name)).ToList() is var spans && spans.Count >= count ? spans : null));
}
