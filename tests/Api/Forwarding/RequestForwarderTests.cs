using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Tests.Submission;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Attempts;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Forwarding;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Tests.Forwarding;

/// <summary>A caller, the forwarder, and a receiver in Customer.io's place; the workspace's grain is played.</summary>
public sealed class RequestForwarderTests : IAsyncLifetime, IDisposable
{
    private readonly List<string> _returned = [];
    private readonly List<WebApplication> _apps = [];
    private HttpClient _caller = new();
    private RequestDelegate _receiver = _ => Task.CompletedTask;
    private PassThroughPermit _permit = Granted(TimeSpan.FromSeconds(5));
    private Uri _receiverUrl = new("http://127.0.0.1:1");
    private Uri? _unreachable;
    private Func<TimeSpan> _leaseClock = () => TimeSpan.FromSeconds(100);

    public async ValueTask InitializeAsync()
    {
        _receiverUrl = await StartAsync(context => _receiver(context));
        var owner = FakeGrains.Create<IWorkspaceGrain>((method, args) => method.Name switch
        {
            nameof(IWorkspaceGrain.AcquirePermit) => ValueTask.FromResult(_permit),
            _ => Return(args),
        });
        var permits = new ForwardPermits(
            FakeGrains.Create<IGrainFactory>((_, _) => owner), FakeGrains.Create<IPermitClock>((_, _) => _leaseClock()), TimeProvider.System, NullLogger<ForwardPermits>.Instance);
        var yarp = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider().GetRequiredService<IHttpForwarder>();
        var forwarder = new RequestForwarder(permits, yarp, new CustomerIoHttp(TimeProvider.System), TimeProvider.System, NullLogger<RequestForwarder>.Instance);
        var url = await StartAsync(context => forwarder.ForwardAsync(
            context,
            TestWorkspaces.Named("acme", "site", "key", _unreachable ?? _receiverUrl),
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            LimitClass.Identify));
        _caller = new HttpClient { BaseAddress = url };
        _caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "c2l0ZTprZXk");
    }

    public void Dispose() => _caller.Dispose();

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_request_goes_out_with_the_workspaces_credentials_and_its_answer_comes_back()
    {
        string? seen = null;
        _receiver = async context =>
        {
            seen = $"{context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget} {context.Request.Headers.Authorization} {context.Request.Headers["X-Mine"]}";
            context.Response.StatusCode = 418;
            context.Response.Headers["X-Theirs"] = "yes";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"region":"us"}""");
        };
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(_caller.BaseAddress + "api/v1/accounts/../region%2F?a=b&c=%c3%a9", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("X-Mine", "1");

        using var response = await _caller.SendAsync(request);

        Assert.Equal("/api/v1/accounts/../region%2F?a=b&c=%c3%a9 Basic c2l0ZTprZXk= 1", seen);
        Assert.Equal((HttpStatusCode)418, response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("X-Theirs").Single());
        Assert.Equal("""{"region":"us"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(["7 sent 418"], _returned);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(60, 60)]
    public async Task Without_a_permit_the_caller_is_told_when_there_will_be_one(double seconds, int retryAfter)
    {
        _permit = new PassThroughPermit.Refused("The limit is used up.", TimeSpan.FromSeconds(seconds));

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(retryAfter), response.Headers.RetryAfter!.Delta);
        Assert.Equal("""{"meta":{"error":"The limit is used up."}}""", await response.Content.ReadAsStringAsync());
        Assert.Empty(_returned);
    }

    [Fact]
    public async Task A_permit_that_has_ended_is_given_back_unused()
    {
        _permit = new PassThroughPermit.Granted(7, new Permit(1, LimitClass.Identify, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(5)));

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["7 unused "], _returned);
    }

    [Fact]
    public async Task A_redirect_is_not_passed_on()
    {
        _receiver = context =>
        {
            context.Response.Redirect("https://track-eu.customer.io/");
            return Task.CompletedTask;
        };

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(["7 sent 302"], _returned);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_504()
    {
        _permit = Granted(TimeSpan.FromSeconds(1));
        var caught = new TaskCompletionSource();
        _receiver = context => caught.Task.WaitAsync(context.RequestAborted);

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(["7 sent "], _returned);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_502()
    {
        _receiver = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(["7 sent "], _returned);
    }

    [Fact]
    public async Task A_permit_that_ends_before_the_request_is_written_puts_nothing_on_the_wire()
    {
        var asked = 0;
        var arrived = false;
        _leaseClock = () => TimeSpan.FromSeconds(100 + (10 * asked++));
        _receiver = _ =>
        {
            arrived = true;
            return Task.CompletedTask;
        };

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["7 unused "], _returned);
        Assert.False(arrived);
    }

    [Fact]
    public async Task Without_a_connection_nothing_was_sent_and_the_caller_may_repeat()
    {
        _unreachable = new Uri("http://127.0.0.1:1");

        using var response = await _caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"meta":{"error":"Customer.io cannot be reached. Nothing was sent. Try again."}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(["7 unused "], _returned);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n64\r\n{}")]
    public async Task A_body_that_does_not_come_in_time_is_504_and_the_rest_of_it_is_still_read(string body)
    {
        _permit = Granted(TimeSpan.FromSeconds(1));
        _receiver = context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);

        using (var caller = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await caller.ConnectAsync(_caller.BaseAddress!.Host, _caller.BaseAddress.Port);
            await caller.SendAsync(Encoding.ASCII.GetBytes($"PUT /x HTTP/1.1\r\nHost: a\r\n{body}"));
            var answer = new byte[1_000];
            Assert.StartsWith("HTTP/1.1 504 ", Encoding.ASCII.GetString(answer, 0, await caller.ReceiveAsync(answer)), StringComparison.Ordinal);
        }

        var front = _apps[^1];
        await front.StopAsync();
        Logged.AssertNothing(front, LogLevel.Error);
    }

    private static PassThroughPermit.Granted Granted(TimeSpan attemptTimeout) =>
        new(7, new Permit(1, LimitClass.Identify, TimeSpan.FromSeconds(101), attemptTimeout));

    private ValueTask Return(object?[] args)
    {
        _returned.Add($"{args[0]} {((bool)args[1]! ? "sent" : "unused")} {args[2]}");
        return ValueTask.CompletedTask;
    }

    private async Task<Uri> StartAsync(RequestDelegate handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        _apps.Add(app);
        return new Uri(app.Urls.Single());
    }
}
