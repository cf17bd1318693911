using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Pipelines;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Api.Tests.Submission;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Refusing;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Pipelines;

/// <summary>The Pipelines API on a real Kestrel, with a recording sink in place of the cluster.</summary>
public sealed class PipelinesFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterListener _meters = new();
    private long _lost;

    private PipelinesFront(WebApplication app, RecordingSink sink, FakeTimeProvider time)
    {
        _app = app;
        Time = time;
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "cio.calls.refused.lost" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _lost, count));
        _meters.Start();
        Sink = sink;
        Caller = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("write:"u8));
    }

    /// <summary>How many refused calls were not kept.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public RecordingSink Sink { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Caller { get; }

    /// <summary>The problems of invalid calls that were logged.</summary>
    public IReadOnlyCollection<string> Logged =>
        [.. _app.Services.GetFakeLogCollector().GetSnapshot().Select(line => line.GetStructuredStateValue("Problem")).OfType<string>()];

    public static async Task<PipelinesFront> StartAsync(BrowserSettings? browser = null, RefusedCallSettings? refused = null, Func<string, IReadOnlyList<RefusedCall>, string?>? keep = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new RecordingSink();
        var time = new FakeTimeProvider(Front.Now);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(FakeGrains.Create<IGrainFactory>((_, key) => FakeGrains.Create<IRefusedCallGrain>(
            (_, calls) => new ValueTask<string?>(keep?.Invoke((string)key[0]!, (IReadOnlyList<RefusedCall>)calls[0]!)))));
        builder.Services.AddSingleton<ICallSink>(sink);
        builder.Services.AddSingleton<IRequestForwarder>(new RecordingForwarder());
        builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([TestWorkspaces.Named("acme", "site", "key") with { PipelinesWriteKey = "write", Browser = browser }]);
        builder.Services.AddTrackApi(new ApiSettings(DefaultWorkspace: null, MaxBodyBytes: 1024 * 1024));
        builder.Services.AddPipelinesApi(refused ?? new RefusedCallSettings());
        var app = builder.Build();
        app.MapWireApis();
        await app.StartAsync();
        return new PipelinesFront(app, sink, time);
    }

    public Task<HttpResponseMessage> SendAsync(string call, string body, bool strict = false) => SendAsync(call, Encoding.UTF8.GetBytes(body), strict: strict);

    public async Task<HttpResponseMessage> SendAsync(string call, byte[] body, string? encoding = null, bool strict = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + call) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        if (strict)
        {
            request.Headers.Add("X-Strict-Mode", "1");
        }

        return await Caller.SendAsync(request);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        Caller.Dispose();
        await _app.DisposeAsync();
    }
}
