using System.Net;
using System.Text.Json;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Forwarding;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Limits;
using CioOrleans.Silo.Guarding;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Forwarding;

/// <summary>
/// Passes a request through under a permit. It streams the bodies and keeps the target and the status, except a redirect of the Track API, which it
/// answers with 502. <see cref="UntouchedTransformer"/> selects the headers.
/// </summary>
internal sealed partial class RequestForwarder(
    ForwardPermits permits, IHttpForwarder forwarder, CustomerIoHttp http, TimeProvider time, ILogger<RequestForwarder> logger) : IRequestForwarder
{
    /// <summary>How long a request to the Track API waits for a permit. Some SDKs give up after ten seconds.</summary>
    private static readonly TimeSpan _trackPatience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan _comeBack = TimeSpan.FromSeconds(1);

    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot forward requests at the moment. Try again.");
    private static readonly Refusal _unreachable = new(StatusCodes.Status503ServiceUnavailable, "Customer.io cannot be reached. Nothing was sent. Try again.");
    private static readonly Refusal _timedOut = new(StatusCodes.Status504GatewayTimeout, "Customer.io did not answer in time; whether the request took effect is unknown.");
    private static readonly Refusal _broken = new(StatusCodes.Status502BadGateway, "The connection to Customer.io failed; whether the request took effect is unknown.");

    private static readonly Refusal _malformed = Refusal.BadRequest("The request's body could not be read to its end. Send it whole.");
    private static readonly Refusal _elsewhere = Refusal.BadRequest("The request target does not lead to the configured host. Send a plain path.");

    private static readonly Refusal _misdirected = new(
        StatusCodes.Status502BadGateway, "Customer.io answered with a redirect. Set the workspace's Region or TrackUrl to the region it lives in.");

    private static readonly ForwarderRequestConfig _config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <inheritdoc/>
    public async Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass)
    {
        var isQuery = limitClass == LimitClass.Query;
        switch (await permits.AcquireAsync(workspace.Name, limitClass, isQuery ? workspace.Sends.Deadline : _trackPatience))
        {
            case ForwardGrant.Refused refused:
                Answer.NoPermit(context.Response, refused.Reason, refused.RetryAfter, isQuery ? ErrorShape.App : ErrorShape.Single);
                break;

            case ForwardGrant.Granted { Permit: var permit }:
                await using (permit)
                {
                    if (permit.Attempt.MayBegin && !context.RequestAborted.IsCancellationRequested)
                    {
                        await SendAsync(context, workspace, target, limitClass, permit);
                    }
                    else
                    {
                        RetryLater(context.Response, isQuery, _unavailable, _comeBack);
                    }
                }

                break;

            default:
                RetryLater(context.Response, isQuery, _unavailable, _comeBack);
                break;
        }
    }

    private async Task SendAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass, ForwardPermit permit)
    {
        var isQuery = limitClass == LimitClass.Query;
        var isMisdirected = false;
        var status = 0;
        var url = OutgoingRequest.UrlOf(workspace, limitClass);
        if (UpstreamUri.Of(url, target) is not { } uri)
        {
            Refuse(context.Response, isQuery, _elsewhere);
            return;
        }

        // Do not upgrade the connection to Customer.io to another protocol.
        context.Features.Set<IHttpUpgradeFeature>(null);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            // The end of the attempt cancels a read.
            context.Request.Body = new BodyStream(context.Request.BodyReader);
        }

        var transformer = new UntouchedTransformer(uri, headers => OutgoingRequest.Authorize(headers, workspace, limitClass), async response =>
        {
            status = (int)response.StatusCode;
            permit.Attempt.LiftDeadline();
            await permit.OnAnsweredAsync((int)response.StatusCode, RateLimitHeaders.Parse(response.Headers, time.GetUtcNow()));
            isMisdirected = !isQuery && (int)response.StatusCode is >= 300 and < 400;
            return !isMisdirected;
        });

        var attempt = permit.Attempt;
        using var scope = AttemptScope.OfForward(time, workspace, limitClass, context.Request.Method);
        var error = await attempt.SendAsync(
            token => forwarder.SendAsync(context, url.GetLeftPart(UriPartial.Authority), http, _config, transformer, token).AsTask());
        scope.End(status, error == ForwarderError.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()));
        var failure = context.GetForwarderErrorFeature()?.Exception;
        var isMalformed = Has(failure, RequestGuard.IsMalformed);

        // A body that could not be read and is not malformed has lost its connection, whatever the exception is.
        if (Has(failure, RequestGuard.IsDisconnect) || (error == ForwarderError.RequestBodyClient && !isMalformed))
        {
            RequestGuard.EndUnanswered(context);
            return;
        }

        if (error != ForwarderError.None)
        {
            // The body may have broken off as well, whichever failure came first.
            RequestGuard.CloseAfterwards(context);
        }

        if (isMisdirected)
        {
            Refuse(context.Response, isQuery, _misdirected);
        }
        else if (error != ForwarderError.None && !context.Response.HasStarted)
        {
            context.Response.Clear();
            if (isMalformed)
            {
                Refuse(context.Response, isQuery, _malformed);
                return;
            }

            if (!context.RequestAborted.IsCancellationRequested)
            {
                LogFailed(logger, workspace.Name, error);
            }

            if (attempt.IsWritten)
            {
                Refuse(context.Response, isQuery, attempt.IsTimedOut || error == ForwarderError.RequestTimedOut ? _timedOut : _broken);
            }
            else
            {
                RetryLater(context.Response, isQuery, _unreachable, _comeBack);
            }
        }
    }

    /// <summary>
    /// Whether a failure of the caller's body is among the causes. Where the connection to Customer.io failed before the copy of the body ended, the forwarder
    /// reports a failed request.
    /// </summary>
    private static bool Has(Exception? failure, Func<Exception, bool> isOfBody) => failure switch
    {
        null => false,
        AggregateException all => all.InnerExceptions.Any(inner => Has(inner, isOfBody)),
        _ => isOfBody(failure) || Has(failure.InnerException, isOfBody),
    };

    /// <summary>Refuses in the form of the API: App or Track.</summary>
    private static void Refuse(HttpResponse response, bool isQuery, Refusal refusal)
    {
        if (isQuery)
        {
            AppAnswer.Refuse(response, refusal);
        }
        else
        {
            Answer.Refuse(response, refusal, ErrorShape.Single);
        }
    }

    private static void RetryLater(HttpResponse response, bool isQuery, Refusal refusal, TimeSpan after)
    {
        if (isQuery)
        {
            AppAnswer.RetryLater(response, refusal, after);
        }
        else
        {
            Answer.RetryLater(response, refusal, after);
        }
    }
}
