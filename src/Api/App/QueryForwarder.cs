using System.Net;
using CioOrleans.Api.Answers;
using CioOrleans.Configuration;
using CioOrleans.Grains;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.RateLimiting;
using CioOrleans.Workspaces;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.App;

/// <summary>Passes App API requests through under permits of the class <c>query</c>: streaming, headers and status untouched.</summary>
internal sealed partial class QueryForwarder(
    IGrainFactory grains, ILeaseStore leases, IHttpForwarder forwarder, TimeProvider time, ILogger<QueryForwarder> logger) : IDisposable
{
    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot forward requests at the moment. Try again.");
    private static readonly Refusal _timedOut = new(StatusCodes.Status504GatewayTimeout, "Customer.io did not answer in time; whether the request took effect is unknown.");
    private static readonly Refusal _broken = new(StatusCodes.Status502BadGateway, "The connection to Customer.io failed; whether the request took effect is unknown.");

    private static readonly ForwarderRequestConfig _config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private readonly HttpMessageInvoker _withBody = new(CreateHandler());
    private readonly HttpMessageInvoker _withoutBody = OneConnectionEach.Create(CreateHandler());

    public async Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, string target)
    {
        var owner = grains.GetWorkspace(workspace.Name);
        PassThroughPermit permit;
        try
        {
            permit = await owner.AcquireAsync(LimitClass.Query, workspace.Sends.Deadline, time);
        }
        catch (Exception exception)
        {
            LogNoPermit(workspace.Name, exception);
            AppAnswer.RetryLater(context.Response, _unavailable, TimeSpan.FromSeconds(1));
            return;
        }

        switch (permit)
        {
            case PassThroughPermit.Refused refused:
                AppAnswer.RetryLater(context.Response, new Refusal(StatusCodes.Status429TooManyRequests, refused.Reason), refused.RetryAfter);
                break;
            case PassThroughPermit.Granted granted when context.RequestAborted.IsCancellationRequested || leases.Now >= granted.Permit.ExpiresAt:
                await owner.ReturnPermit(granted.Ticket, sent: false, status: null, RateLimitSignal.None);
                AppAnswer.RetryLater(context.Response, _unavailable, TimeSpan.FromSeconds(1));
                break;
            case PassThroughPermit.Granted granted:
                await SendAsync(context, workspace, target, owner, granted);
                break;
        }
    }

    public void Dispose()
    {
        _withBody.Dispose();
        _withoutBody.Dispose();
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private async Task SendAsync(HttpContext context, WorkspaceSettings workspace, string target, IWorkspaceGrain owner, PassThroughPermit.Granted granted)
    {
        using var deadline = new CancellationTokenSource(granted.Permit.AttemptTimeout, time);
        var isReturned = false;
        var transformer = new UntouchedTransformer(workspace, target, async response =>
        {
            // The request has arrived by now: its token is on its way back, however long the answer streams.
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            isReturned = true;
            await owner.ReturnPermit(granted.Ticket, sent: true, (int)response.StatusCode, RateLimitHeaders.Parse(response.Headers, time.GetUtcNow()));
        });
        var http = HasBody(context.Request) ? _withBody : _withoutBody;
        var error = await forwarder.SendAsync(context, workspace.AppUrl.GetLeftPart(UriPartial.Authority), http, _config, transformer, deadline.Token);
        if (!isReturned)
        {
            await owner.ReturnPermit(granted.Ticket, sent: true, status: null, RateLimitSignal.None);
        }

        if (error != ForwarderError.None && !context.Response.HasStarted)
        {
            context.Response.Clear();
            AppAnswer.Refuse(context.Response, deadline.IsCancellationRequested || error == ForwarderError.RequestTimedOut ? _timedOut : _broken);
        }
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0;
}
