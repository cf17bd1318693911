using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Track;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Grains;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.RateLimiting;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Forwarding;

/// <summary>Forwards requests under permits of the workspace's grain, so that they count against the same limit as everything else.</summary>
public sealed partial class CustomerIoProxy(IGrainFactory grains, ILeaseStore leases, TimeProvider time, ILogger<CustomerIoProxy> logger) : ICustomerIoProxy, IDisposable
{
    /// <summary>How long a caller is kept waiting for a permit; below the ten seconds after which some SDKs give up.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(8);

    private static readonly Refusal _misdirected = new(
        StatusCodes.Status502BadGateway, "Customer.io answered with a redirect. Set the workspace's Region or TrackUrl to the region it lives in.");

    private static readonly Refusal _unreachable = new(StatusCodes.Status502BadGateway, "Customer.io cannot be reached. Try again.");
    private static readonly Refusal _timedOut = new(StatusCodes.Status504GatewayTimeout, "Customer.io did not answer in time. Try again.");
    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot forward requests at the moment. Try again.");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        // Nothing is added to what the SDK sent.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    public async Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, LimitClass limitClass)
    {
        var owner = grains.GetWorkspace(workspace.Name);
        PassThroughPermit permit;
        try
        {
            permit = await owner.AcquireAsync(limitClass, _patience, time);
        }
        catch (Exception exception)
        {
            LogNoPermit(workspace.Name, exception);
            Answer.RetryLater(context.Response, _unavailable, TimeSpan.FromSeconds(1));
            return;
        }

        switch (permit)
        {
            case PassThroughPermit.Refused refused:
                Answer.RetryLater(context.Response, new Refusal(StatusCodes.Status429TooManyRequests, refused.Reason), refused.RetryAfter);
                break;
            case PassThroughPermit.Granted granted when leases.Now >= granted.Permit.ExpiresAt:
                await owner.ReturnPermit(granted.Ticket, sent: false, status: null, RateLimitSignal.None);
                Answer.RetryLater(context.Response, _unavailable, TimeSpan.FromSeconds(1));
                break;
            case PassThroughPermit.Granted granted:
                await SendAsync(context, workspace, owner, granted);
                break;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpContext context, WorkspaceSettings workspace, IWorkspaceGrain owner, PassThroughPermit.Granted granted)
    {
        int? status = null;
        var signal = RateLimitSignal.None;
        using var request = CreateRequest(context, workspace);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(granted.Permit.AttemptTimeout);
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            status = (int)response.StatusCode;
            signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
            await PassOnAsync(response, context.Response, deadline.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            Fail(context, _timedOut);
        }
        catch (HttpRequestException exception)
        {
            LogFailed(workspace.Name, exception);
            Fail(context, _unreachable);
        }
        finally
        {
            await owner.ReturnPermit(granted.Ticket, sent: true, status, signal);
        }
    }

    private static HttpRequestMessage CreateRequest(HttpContext context, WorkspaceSettings workspace)
    {
        var target = RawTarget.ToOriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(workspace.TrackUrl, target))
        {
            // Without any content the handler repeats a request by itself when a pooled connection breaks: one permit is one arrival.
            Content = new ByteArrayContent([]),
        };
        foreach (var (name, values) in KeptHeaders.Select(context.Request.Headers))
        {
            // Content-Type is the content's, whether there is any or not.
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{workspace.SiteId}:{workspace.ApiKey}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return request;
    }

    private static async Task PassOnAsync(HttpResponseMessage from, HttpResponse to, CancellationToken cancellation)
    {
        if ((int)from.StatusCode is >= 300 and < 400)
        {
            Answer.Refuse(to, _misdirected, ErrorShape.Single);
            return;
        }

        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (!CallRules.IsHopByHop(name))
            {
                to.Headers.Append(name, values.ToArray());
            }
        }

        await from.Content.CopyToAsync(to.Body, cancellation);
    }

    private static void Fail(HttpContext context, Refusal refusal)
    {
        // Once an answer has begun to leave, an error cannot be put into it: the caller must see it break off.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        Answer.RetryLater(context.Response, refusal, TimeSpan.FromSeconds(1));
    }
}
