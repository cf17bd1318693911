using System.Net.Http.Headers;
using System.Text;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>A sandbox on a free port and a client that speaks to it.</summary>
public abstract class HttpTestBase : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected HttpClient Client { get; } = new() { Timeout = Patience };

    protected SandboxServer Server { get; private set; } = null!;

    protected virtual SandboxOptions Options => new();

    protected virtual TimeProvider Time => TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        Server = await SandboxServer.StartAsync(Options with { Url = "http://127.0.0.1:0" }, Time);
        Client.BaseAddress = Server.Url;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>For what only the report tells: looks again until it does.</summary>
    protected static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    protected Task<HttpResponseMessage> Identify(string customer, int seq = 1) => Send("PUT", $"/api/v1/customers/{customer}", $$"""{"seq":{{seq}}}""");

    protected Task<HttpResponseMessage> Track(string customer, int seq = 1) =>
        Send("POST", $"/api/v1/customers/{customer}/events", $$$"""{"name":"n","id":"e{{{seq}}}","data":{"seq":{{{seq}}}}}""");

    protected async Task<HttpResponseMessage> Send(string method, string target, string? body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        request.Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await Client.SendAsync(request);
    }
}
