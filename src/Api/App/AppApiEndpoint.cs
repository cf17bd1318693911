using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Delivery.Sends;
using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.App;

/// <summary>The App API.</summary>
internal sealed class AppApiEndpoint(
    BearerAuthenticator authenticator,
    BodyIntake bodies,
    SendForwarder sends,
    DurableSends durable,
    KeyedSends keyed,
    IRequestForwarder forwarder,
    RefusalMetrics metrics,
    ApiSettings settings,
    TimeProvider time) : IWireApi
{
    /// <summary>
    /// The largest body of a send, in bytes, unless the configured maximum is larger. Customer.io accepts 1 MB plus 2 MB of attachments, which base64
    /// enlarges.
    /// </summary>
    private const int MaxSendBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The largest body of a broadcast, in bytes: Customer.io's limit, unless the configured maximum is larger. It holds for other protected requests too.
    /// </summary>
    private const int MaxBroadcastBytes = 25 * 1024 * 1024;

    private static readonly Refusal _unauthorized = new(
        StatusCodes.Status401Unauthorized, "Unauthorized request: send the workspace's App API key as a bearer token, and set it as the workspace's AppApiKey; or a service account's token with X-Workspace-Id, set as ServiceToken and WorkspaceId.");

    private static readonly Refusal _hidden = Refusal.BadRequest(
        "The path is another spelling of one that sends messages. Write it as documented: /v1/send/{kind} or /v1/campaigns/{id}/triggers, plain and in lower case.");

    public Task? TryServe(HttpContext context, string target)
    {
        var path = AppPaths.Find(context.Request.Method, RawTarget.PathOf(target), out var subject);
        if (path == AppPath.None)
        {
            return null;
        }

        if (path == AppPath.HiddenSend)
        {
            metrics.Refused(RefusalReason.Invalid);
            Refuse(context.Response, path, _hidden);
            return Task.CompletedTask;
        }

        var workspace = authenticator.Authenticate(context.Request.Headers);
        if (workspace is null)
        {
            metrics.Refused(RefusalReason.Unauthorized);
            Refuse(context.Response, path, _unauthorized);
            return Task.CompletedTask;
        }

        return path switch
        {
            AppPath.Send => SendAsync(context, workspace, target, AppPaths.ClassOf(subject, workspace.Sends)),
            AppPath.Broadcast => SendOnceAsync(context, workspace, target, LimitClass.Broadcast, ErrorShape.Single),
            AppPath.Protected => SendOnceAsync(context, workspace, target, LimitClass.Query, ErrorShape.App),
            AppPath.Result when HttpMethods.IsGet(context.Request.Method) => durable.AnswerAsync(context, workspace, subject.ToString()),
            AppPath.Result => RefuseMethod(context.Response),
            _ => forwarder.ForwardAsync(context, workspace, target, LimitClass.Query),
        };
    }

    private async Task SendAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass)
    {
        var beganAt = time.GetTimestamp();
        if (await ReadAsync(context, MaxSendBytes) is not { } body)
        {
            return;
        }

        string? customer = null;
        string? key = null;
        var problem = SendWishes.Read(context.Request.Headers, workspace.Sends, out var wishes) ?? IdempotencyKey.Read(context.Request.Headers, out key);
        if (problem is null && (wishes.Durable || wishes.AfterCustomer || key is not null))
        {
            problem = SendBody.Read(body, out customer);
            problem ??= wishes.AfterCustomer && customer is null ? "X-Dispatch-After: customer needs \"identifiers\" with an id, email or cio_id. Name the person." : null;
        }

        if (problem is not null)
        {
            RefuseInvalid(context.Response, problem);
            return;
        }

        var message = Message(context, target, limitClass, body);
        var after = wishes.AfterCustomer ? customer : null;
        if (key is not null)
        {
            await keyed.AnswerAsync(context, workspace, message, key, after, waits: !wishes.Durable, beganAt);
            return;
        }

        if (wishes.Durable)
        {
            await durable.AcceptAsync(context, workspace, message, after);
            return;
        }

        Conclude(context, workspace, await sends.SendAsync(workspace, message, after, beganAt, context.RequestAborted), ErrorShape.Single);
    }

    /// <summary>Forwards a broadcast or another protected request. It has no person, so it is never stored unless it has a key.</summary>
    private async Task SendOnceAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass, ErrorShape shape)
    {
        var beganAt = time.GetTimestamp();
        if (await ReadAsync(context, MaxBroadcastBytes, shape) is not { } body)
        {
            return;
        }

        var message = Message(context, target, limitClass, body);
        if (IdempotencyKey.Read(context.Request.Headers, out var key) is { } problem)
        {
            RefuseInvalid(context.Response, problem, shape);
        }
        else if (key is not null)
        {
            await keyed.AnswerAsync(context, workspace, message, key, customer: null, waits: true, beganAt);
        }
        else
        {
            Conclude(context, workspace, await sends.SendAsync(workspace, message, after: null, beganAt, context.RequestAborted), shape);
        }
    }

    private async ValueTask<byte[]?> ReadAsync(HttpContext context, int maxBytes, ErrorShape shape = ErrorShape.Single)
    {
        var most = Math.Max(maxBytes, settings.MaxBodyBytes);
        var (body, refusal) = await bodies.ReadAsync(context, new BodyLimit(most, BodyRefusals.TooLarge(most)));
        if (refusal is null)
        {
            return body;
        }

        metrics.Refused(refusal.Status switch
        {
            StatusCodes.Status413PayloadTooLarge => RefusalReason.TooLarge,
            StatusCodes.Status503ServiceUnavailable => RefusalReason.Overloaded,
            _ => RefusalReason.Invalid,
        });
        Answer.Refuse(context.Response, refusal, shape);
        return null;
    }

    private void RefuseInvalid(HttpResponse response, string problem, ErrorShape shape = ErrorShape.Single)
    {
        metrics.Refused(RefusalReason.Invalid);
        Answer.Refuse(response, Refusal.BadRequest(problem), shape);
    }

    private void Conclude(HttpContext context, WorkspaceSettings workspace, SendOutcome outcome, ErrorShape shape)
    {
        if (outcome is SendOutcome.NoRoom)
        {
            metrics.Refused(RefusalReason.Overloaded);
        }

        SendAnswer.Write(context.Response, outcome, workspace.Sends.UnknownOutcome, shape);
    }

    private static SendRequest Message(HttpContext context, string target, LimitClass limitClass, byte[] body) =>
        new(target, limitClass, [.. KeptHeaders.Select(context.Request.Headers)], body);

    private static Task RefuseMethod(HttpResponse response)
    {
        response.Headers.Allow = HttpMethods.Get;
        AppAnswer.Refuse(response, new Refusal(StatusCodes.Status405MethodNotAllowed, "The method is not allowed here. Allowed: GET."));
        return Task.CompletedTask;
    }

    private static void Refuse(HttpResponse response, AppPath path, Refusal refusal)
    {
        if (path is AppPath.Send or AppPath.Broadcast or AppPath.HiddenSend)
        {
            Answer.Refuse(response, refusal, ErrorShape.Single);
        }
        else
        {
            AppAnswer.Refuse(response, refusal);
        }
    }
}
