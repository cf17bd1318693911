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
internal sealed class TrackApi
{
    private readonly SandboxOptions _options;
    private readonly Intake _intake;
    private readonly Ledger _ledger;
    private readonly RequestRecorder _recorder;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _stopping;
    private readonly Credentials _credentials;
    private readonly Credentials _appCredentials;
    private readonly Credentials _pipelinesCredentials;
    private readonly ConcurrentDictionary<ulong, byte> _refused = new();
    private readonly AppCalls _app;
    private readonly PipelinesCalls _pipelines;
    private readonly V1Calls _v1;
    private readonly V2Calls _v2;

    public TrackApi(SandboxOptions options, Intake intake, Ledger ledger, RequestRecorder recorder, TimeProvider timeProvider, CancellationToken stopping)
    {
        (_options, _intake, _ledger, _recorder, _timeProvider, _stopping) = (options, intake, ledger, recorder, timeProvider, stopping);
        _credentials = new Credentials(options.SiteId, options.ApiKey);
        _appCredentials = Credentials.Bearer(options.AppApiKey);
        _pipelinesCredentials = new Credentials(options.PipelinesWriteKey, string.Empty);
        var profiles = new Profiles(timeProvider);
        _app = new AppCalls(ledger, profiles, timeProvider);
        _pipelines = new PipelinesCalls(ledger, profiles);
        _v1 = new V1Calls(ledger, profiles, options.Region);
        _v2 = new V2Calls(ledger, profiles, intake.FailsItem);
    }

    public async Task Serve(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var route = Router.Match(context.Request.Method, rawTarget);

        if (route.IsBrowser)
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
        }

        // Only an event's body shows whether it is a view. So an event arrives when its body was read, and every other request when its headers were
        // read.
        Arrival? arrived = route.IsEvent ? null : _intake.Take(route.Class);
        var body = await RequestBody.ReadAsync(context.Request);
        if (body is not { } whole)
        {
            _ = arrived ?? _intake.Take(route.Class);
            _ledger.AddOutcome(OutcomeCounts.Incomplete);
            return;
        }

        Answer answer;
        TimeSpan latency;
        using (whole)
        {
            var facts = route.IsV2 || route.IsApp || route.IsPipelines ? default : BodyReader.Read(whole.Bytes.Span);
            var arrival = arrived ?? _intake.Take(facts.IsView ? EndpointClass.Page : EndpointClass.Track);
            if (route.IsQuery && _options.SettleTime > TimeSpan.Zero && arrival is { Wait.Ticks: <= 0, Fault: FaultKind.None })
            {
                await _app.SettleAsync(context.Request.Method, rawTarget, _options.SettleTime, _stopping);
            }

            latency = arrival.Latency;
            _ledger.BeginRequest();
            try
            {
                answer = Decide(context.Request, rawTarget, route, arrival, facts, whole.Bytes);
                _ledger.AddOutcome(answer.Outcome);
                if (_recorder.IsOn)
                {
                    _recorder.Record(context.Request, rawTarget, whole.Bytes, answer.Outcome >= 100 ? answer.Outcome : 0, _intake.ToUtc(arrival.At));
                }
            }
            finally
            {
                _ledger.EndRequest();
            }
        }

        await Finish(context, answer, latency);
    }

    private Answer Decide(HttpRequest request, string rawTarget, in TrackRoute route, in Arrival arrival, in BodyFacts facts, ReadOnlyMemory<byte> body)
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
            { IsApp: true } => _app.Process(route, request.Method, rawTarget, IsJson(request), body),
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

    private static bool IsJson(HttpRequest request) => request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true;

    private bool RefusesFirst(string text, ReadOnlySpan<byte> body) =>
        body.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 && _refused.TryAdd(BodyReader.Hash(body), 0);

    private Credentials CredentialsOf(in TrackRoute route) =>
        route.IsApp ? _appCredentials : route.IsPipelines ? _pipelinesCredentials : _credentials;

    private Answer OverLimit(TimeSpan wait) => Answer.Throttled with
    {
        RetryAfter = _options.SendRetryAfter ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null,
        RateLimitRemaining = _options.SendRateLimitHeaders ? "0" : null,
        RateLimitReset = _options.SendRateLimitHeaders
            ? Math.Ceiling((_timeProvider.GetUtcNow() + wait - DateTimeOffset.UnixEpoch).TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : null,
    };

    /// <summary>The header as it is sent: <c>date+N</c> in the settings is the date of N seconds from now.</summary>
    private string? RetryAfterOf(SandboxFaults faults) =>
        faults.RetryAfterDate is { } ahead ? (_timeProvider.GetUtcNow() + ahead).ToString("R", CultureInfo.InvariantCulture) : faults.RetryAfter;

    private Answer? BeforeProcessing(in Arrival arrival) => arrival.Fault switch
    {
        FaultKind.ServerError => Answer.ServerError,
        FaultKind.Unavailable => Answer.Unavailable with { RetryAfter = RetryAfterOf(arrival.Faults) },
        FaultKind.Throttled => Answer.Throttled with
        {
            RetryAfter = RetryAfterOf(arrival.Faults),
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
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
                await Task.Delay(Timeout.InfiniteTimeSpan, _timeProvider, either.Token);
            }

            if (latency > TimeSpan.Zero)
            {
                await Task.Delay(latency, _timeProvider, _stopping);
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
