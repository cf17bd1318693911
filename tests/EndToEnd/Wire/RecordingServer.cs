using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>A substitute for Customer.io: accepts every request without validation and records its bytes.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WireRequest> _requests = new();
    private readonly Func<WireRequest, (int Status, string Body)> _answer;

    private RecordingServer(WebApplication app, Func<WireRequest, (int Status, string Body)> answer)
    {
        _app = app;
        _answer = answer;
    }

    public Uri Url => new(_app.Urls.Single());

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyCollection<WireRequest> Requests => _requests;

    /// <summary>Starts one on a free port.</summary>
    /// <param name="answer">What it answers, as JSON; an empty body without a type.</param>
    public static async Task<RecordingServer> StartAsync(Func<WireRequest, (int Status, string Body)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new RecordingServer(app, answer);
        app.Run(server.RecordAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RecordAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new WireRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            WireRequest.HeadersOf(context.Request.Headers),
            body.ToArray());
        _requests.Enqueue(request);
        var (status, text) = _answer(request);
        context.Response.StatusCode = status;
        if (text.Length > 0)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(text);
        }
    }
}
