using System.Net;
using System.Net.Sockets;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Http;

/// <summary>The front-end on a real Kestrel, with a recording sink in place of the cluster.</summary>
public sealed class Front : IAsyncDisposable
{
    public const string Credentials = "Basic c2l0ZTprZXk=";

    private readonly WebApplication _app;

    private Front(WebApplication app, RecordingSink sink, RecordingForwarder proxy)
    {
        _app = app;
        Sink = sink;
        Proxy = proxy;
        Port = new Uri(app.Urls.Single()).Port;
    }

    /// <summary>Serves without credentials what Customer.io serves without.</summary>
    public static ApiSettings OpenWithoutCredentials { get; } =
        new(DefaultWorkspace: null, MaxBodyBytes: 1024 * 1024) { Anonymous = AnonymousSettings.Default with { Paths = AnonymousPaths.All } };

    /// <summary>What the front-end takes for now.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    public RecordingSink Sink { get; }

    public RecordingForwarder Proxy { get; }

    public int Port { get; }

    public static async Task<Front> StartAsync(ApiSettings? settings = null, params WorkspaceSettings[] workspaces)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new RecordingSink();
        var proxy = new RecordingForwarder();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<ICallSink>(sink);
        builder.Services.AddSingleton<IRequestForwarder>(proxy);
        builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>(workspaces.Length > 0 ? workspaces : [TestWorkspaces.Named("acme", "site", "key")]);
        builder.Services.AddTrackApi(settings ?? new ApiSettings(DefaultWorkspace: null, MaxBodyBytes: 1024 * 1024));
        var app = builder.Build();
        app.MapWireApis();
        app.MapGet("/admin/ping", () => "pong");
        await app.StartAsync();
        return new Front(app, sink, proxy);
    }

    /// <summary>Sends a request exactly as given; only authority, credentials and length are filled in.</summary>
    public Task<RawResponse> SendAsync(string method, string target, string? body = null, string? authorization = Credentials, params string[] headers) =>
        SendAsync(method, target, body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), authorization, headers);

    public async Task<RawResponse> SendAsync(string method, string target, byte[]? body, string? authorization = Credentials, params string[] headers)
    {
        List<string> lines = [$"{method} {target} HTTP/1.1", $"Host: 127.0.0.1:{Port}", "Connection: close", .. headers];
        if (authorization is not null)
        {
            lines.Add($"Authorization: {authorization}");
        }

        if (body is not null && !headers.Any(h => h.StartsWith("Transfer-Encoding", StringComparison.Ordinal)))
        {
            lines.Add($"Content-Length: {body.Length}");
        }

        var head = System.Text.Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");
        return await ExchangeAsync([.. head, .. body ?? []]);
    }

    public async Task<RawResponse> ExchangeAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        return RawResponse.Parse(received.ToArray());
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
