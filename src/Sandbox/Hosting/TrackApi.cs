using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CioOrleans.Sandbox.Calls;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Recording;
using CioOrleans.Sandbox.Reporting;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>Answers Customer.io's APIs: counts the arrival, decides the answer, records what takes effect, waits for the latency, and answers.</summary>
internal sealed class TrackApi(
    SandboxOptions options, Intake intake, Ledger ledger, RequestRecorder recorder, TimeProvider timeProvider, CancellationToken stopping)
{
    private readonly Credentials _credentials = new(options.SiteId, options.ApiKey);
    private readonly Credentials _appCredentials = Credentials.Bearer(options.AppApiKey);
    private readonly Credentials _pipelinesCredentials = new(options.PipelinesWriteKey, string.Empty);
    private readonly AppCalls _app = new(ledger, timeProvider);
    private readonly PipelinesCalls _pipelines = new(ledger);
    private readonly ConcurrentDictionary<ulong, byte> _refused = new();
    private readonly V1Calls _v1 = new(ledger, options.Region);
    private readonly V2Calls _v2 = new(ledger, intake.FailsItem);

    public async Task Serve(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var route = Router.Match(context.Request.Method, rawTarget);

        // Only an event's body shows whether it is a view. So an event arrives when its body was read, and every other request when its headers were
        // read.
        Arrival? arrived = route.IsEvent ? null : intake.Take(route.Class);
        var body = await RequestBody.ReadAsync(context.Request);
        if (body is not { } whole)
        {
            _ = arrived ?? intake.Take(route.Class);
            ledger.AddOutcome(OutcomeCounts.Incomplete);
            return;
        }

        Answer answer;
        TimeSpan latency;
        using (whole)
        {
            var facts = route.IsV2 || route.IsApp || route.IsPipelines ? default : BodyReader.Read(whole.Bytes.Span);
            var arrival = arrived ?? intake.Take(facts.IsView ? EndpointClass.Page : EndpointClass.Track);
            answer = Decide(context.Request, route, arrival, facts, whole.Bytes);
            latency = arrival.Latency;
            ledger.AddOutcome(answer.Outcome);
            if (recorder.IsOn)
            {
                recorder.Record(context.Request, rawTarget, whole.Bytes, answer.Outcome >= 100 ? answer.Outcome : 0, intake.ToUtc(arrival.At));
            }

            ledger.OnRecorded();
        }

        await Finish(context, answer, latency);
    }

    private Answer Decide(HttpRequest request, in TrackRoute route, in Arrival arrival, in BodyFacts facts, ReadOnlyMemory<byte> body)
    {
        if (arrival.Wait > TimeSpan.Zero)
        {
            return OverLimit(arrival.Wait);
        }

        if (BeforeProcessing(arrival) is { } failed)
        {
            return failed;
        }

        if (route.NeedsCredentials && (arrival.Faults.Unauthorized || !CredentialsOf(route).Accept(request.Headers.Authorization)))
        {
            return Answer.Unauthorized;
        }

        if (arrival.Faults.RefuseFirst is { Length: > 0 } text && !route.IsV2 && !route.IsApp && !route.IsPipelines && RefusesFirst(text, body.Span))
        {
            return Answer.Refused(route.Endpoint, text);
        }

        var answer = route switch
        {
            { IsV2: true } => _v2.Process(route, body),
            { IsApp: true } => _app.Process(route, request.Method, body),
            { IsPipelines: true } => _pipelines.Process(route, request.Headers.ContentEncoding, body),
            _ => _v1.Process(route, facts, body),
        };
        return arrival.Fault switch
        {
            FaultKind.ServerErrorAfterProcessing => Answer.ServerError,
            FaultKind.TimeOutAfterProcessing => Answer.TimeOut,
            FaultKind.ResetAfterProcessing => Answer.Reset,
            _ => answer,
        };
    }

    private bool RefusesFirst(string text, ReadOnlySpan<byte> body) =>
        body.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 && _refused.TryAdd(BodyReader.Hash(body), 0);

    private Credentials CredentialsOf(in TrackRoute route) =>
        route.IsApp ? _appCredentials : route.IsPipelines ? _pipelinesCredentials : _credentials;

    private Answer OverLimit(TimeSpan wait) => Answer.Throttled with
    {
        RetryAfter = options.SendRetryAfter ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null,
        RateLimitRemaining = options.SendRateLimitHeaders ? "0" : null,
        RateLimitReset = options.SendRateLimitHeaders
            ? Math.Ceiling((timeProvider.GetUtcNow() + wait - DateTimeOffset.UnixEpoch).TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : null,
    };

    private static Answer? BeforeProcessing(in Arrival arrival) => arrival.Fault switch
    {
        FaultKind.ServerError => Answer.ServerError,
        FaultKind.Unavailable => Answer.Unavailable with { RetryAfter = arrival.Faults.RetryAfter },
        FaultKind.Throttled => Answer.Throttled with
        {
            RetryAfter = arrival.Faults.RetryAfter,
            RateLimitRemaining = arrival.Faults.RateLimitRemaining,
            RateLimitReset = arrival.Faults.RateLimitReset,
        },
        FaultKind.TimeOut => Answer.TimeOut,
        FaultKind.Reset => Answer.Reset,
        FaultKind.Close => Answer.Close,
        _ => null,
    };

    private async Task Finish(HttpContext context, Answer answer, TimeSpan latency)
    {
        try
        {
            if (answer.Outcome == OutcomeCounts.TimeOut)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, either.Token);
            }

            if (latency > TimeSpan.Zero)
            {
                await Task.Delay(latency, timeProvider, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            return;
        }

        if (answer.Outcome == OutcomeCounts.Reset)
        {
            context.Abort();
            return;
        }

        if (answer.Outcome == OutcomeCounts.Close)
        {
            await Close(context);
            return;
        }

        await Responses.Write(context.Response, answer);
    }

    /// <summary>
    /// Completes the output of the connection below HTTP, so that the client reads the end of the stream and not a reset. Kestrel then finds that the
    /// connection is closed.
    /// </summary>
    private static async Task Close(HttpContext context)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(closed.SetResult);
        await context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.CompleteAsync();
        await closed.Task;
    }
}
