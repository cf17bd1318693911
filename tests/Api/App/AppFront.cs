using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Api.App;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Tests.Submission;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Api.Track;
using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Limits;
using CioOrleans.Sandbox;
using CioOrleans.Silo.Configuration;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Api.Tests.App;

/// <summary>The App API in front of a sandbox; the workspace's grain and the customers' are played.</summary>
public sealed class AppFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _permits;

    private AppFront(WebApplication app, SandboxServer sandbox, ConcurrentQueue<string> permits, RecordingSink sink)
    {
        _app = app;
        Sandbox = sandbox;
        _permits = permits;
        Sink = sink;
        Caller = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "app");
    }

    public SandboxServer Sandbox { get; }

    /// <summary>What was stored in place of forwarding it.</summary>
    public RecordingSink Sink { get; }

    public HttpClient Caller { get; }

    /// <summary>What was asked of the workspace, and what became of its permits, in order.</summary>
    public IReadOnlyList<string> Permits => [.. _permits];

    /// <summary>Starts one.</summary>
    /// <param name="sends">The workspace's settings.</param>
    /// <param name="permit">Answers the n-th request for a permit, from 1; null grants each.</param>
    /// <param name="customer">Plays the customers' grains.</param>
    /// <param name="appUrl">Another receiver than the sandbox.</param>
    /// <param name="change">Other settings of the workspace.</param>
    public static async Task<AppFront> StartAsync(
        SendSettings? sends = null,
        Func<int, Task<PassThroughPermit>>? permit = null,
        Func<string, object?[], object?>? customer = null,
        Uri? appUrl = null,
        Func<WorkspaceSettings, WorkspaceSettings>? change = null)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "app", RecordRequests = 100 });
        var permits = new ConcurrentQueue<string>();
        var asked = 0;
        var owner = FakeGrains.Create<IWorkspaceGrain>((method, args) =>
        {
            if (method.Name == nameof(IWorkspaceGrain.AcquirePermit))
            {
                var limitClass = (LimitClass)args[0]!;
                permits.Enqueue($"asked {limitClass.ToName()}");
                var number = Interlocked.Increment(ref asked);
                return new ValueTask<PassThroughPermit>(permit?.Invoke(number) ?? Task.FromResult(Granted(limitClass)));
            }

            permits.Enqueue($"returned {((bool)args[1]! ? "sent" : "unsent")} {args[2]}".TrimEnd());
            return ValueTask.CompletedTask;
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new RecordingSink();
        builder.Services.AddSingleton<ICallSink>(sink);
        builder.Services.AddSingleton(TestWorkspaces.Keys);
        builder.Services.AddSingleton(FakeGrains.Create<IGrainFactory>((method, args) =>
            method.GetGenericArguments()[0] == typeof(ICustomerGrain)
                ? FakeGrains.Create<ICustomerGrain>((call, values) => customer!($"{call.Name} {TestWorkspaces.Keys.ReadCustomer((string)args[0]!)}", values))
                : owner));
        builder.Services.AddSingleton(FakeGrains.Create<IPermitClock>((_, _) => TimeSpan.FromSeconds(100)));
        builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>(
        [
            (change ?? (workspace => workspace))(
                TestWorkspaces.Named("acme", "site", "key", appUrl ?? sandbox.Url) with { AppApiKey = "app", Sends = sends ?? new SendSettings() }),
        ]);
        builder.Services.AddTrackApi(new ApiSettings(DefaultWorkspace: null, MaxBodyBytes: 1024 * 1024));
        builder.Services.AddAppApi();
        var app = builder.Build();
        app.MapWireApis();
        await app.StartAsync();
        return new AppFront(app, sandbox, permits, sink);
    }

    public static PassThroughPermit Granted(LimitClass limitClass = LimitClass.TransactionalEmail, double attemptTimeout = 5) =>
        new PassThroughPermit.Granted(7, new Permit(1, limitClass, TimeSpan.FromSeconds(200), TimeSpan.FromSeconds(attemptTimeout)));

    /// <summary>Sends a message whose <c>seq</c> is 1.</summary>
    public Task<HttpResponseMessage> SendAsync(string kind = "email", CancellationToken stop = default, params (string Name, string Value)[] headers) =>
        PostAsync($"/v1/send/{kind}", """{"identifiers":{"id":"42"},"message_data":{"seq":1}}""", stop, headers);

    public async Task<HttpResponseMessage> PostAsync(string target, string body, CancellationToken stop = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Caller.SendAsync(request, stop);
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await _app.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
