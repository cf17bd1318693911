using CioOrleans.Api.Anonymous;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Track;

/// <summary>The Track API, version 1.</summary>
internal sealed class TrackV1Endpoint(
    CallerAuthenticator authenticator,
    AnonymousGate anonymous,
    TrackCallFactory factory,
    BodyIntake bodies,
    ICallSink sink,
    IRequestForwarder forwarder,
    RefusalMetrics metrics,
    ApiSettings settings) : IWireApi
{
    private readonly BodyLimit _limit = new(settings.MaxBodyBytes, BodyRefusals.OverOwnMaximum(settings.MaxBodyBytes));

    public Task? TryServe(HttpContext context, string target)
    {
        var match = TrackPaths.Find(RawTarget.PathOf(target));
        if (match.Path is null)
        {
            return null;
        }

        var operation = match.Path.Find(context.Request.Method);
        if (operation is null)
        {
            metrics.Refused(RefusalReason.NotFound);
            Answer.MethodNotAllowed(context.Response, match.Path.Allow);
            return Task.CompletedTask;
        }

        var isAnonymous = context.Request.Headers.Authorization.Count == 0 && operation.OpenedBy != AnonymousPaths.None;
        if (isAnonymous && anonymous.Refuse(context, operation.OpenedBy) is { } closed)
        {
            Refuse(context.Response, closed, ErrorShape.Single);
            return Task.CompletedTask;
        }

        var workspace = authenticator.Authenticate(context.Request.Headers.Authorization, required: !isAnonymous, out var refusal);
        if (workspace is null)
        {
            Refuse(context.Response, refusal!, ErrorShape.Single);
            return Task.CompletedTask;
        }

        if (operation.IsForwarded)
        {
            return forwarder.ForwardAsync(context, workspace, target, operation.LimitClass);
        }

        var pathValue = PathIdentifier.Read(operation, match, out refusal);
        if (refusal is not null)
        {
            Refuse(context.Response, refusal, operation.ErrorShape);
            return Task.CompletedTask;
        }

        return AcceptAsync(context, operation, workspace, target, pathValue, isAnonymous);
    }

    private async Task AcceptAsync(HttpContext context, TrackOperation operation, WorkspaceSettings workspace, string target, string? pathValue, bool isAnonymous)
    {
        var limit = isAnonymous ? new BodyLimit(AnonymousGate.MaxBodyBytes, AnonymousGate.TooLarge) : _limit;
        var request = new Request(factory, operation, workspace, target, pathValue, context.Request.Headers);
        var (taken, unread) = await bodies.ReadAsync(context, limit, request, static (request, body, _) => Create(request, body));
        var intake = unread is null ? taken : Intake.Refused(unread);
        if (!intake.IsTaken)
        {
            Refuse(context.Response, intake.Refusal, operation.ErrorShape);
            return;
        }

        var accepted = isAnonymous
            ? await sink.AcceptUpToAsync(
                workspace.Name, CustomerKey.ForCallerWithoutCredentials(intake.Customer), intake.Call with { Priority = CallPriority.Bulk }, anonymous.MaxQueuedPerQueue)
            : await sink.AcceptAsync(workspace.Name, intake.Customer, intake.Call);
        switch (accepted)
        {
            case AcceptResult.NotAccepted unavailable:
                metrics.Refused(Answer.ReasonOf(unavailable));
                Answer.NotTaken(context.Response, unavailable);
                break;
            case { IsAccepted: true } when operation.AnswersNoContent:
                Answer.NoContent(context.Response);
                break;
            default:
                Answer.Success(context.Response);
                break;
        }
    }

    private void Refuse(HttpResponse response, Refusal refusal, ErrorShape shape)
    {
        metrics.Refused(refusal.Status switch
        {
            StatusCodes.Status401Unauthorized => RefusalReason.Unauthorized,
            StatusCodes.Status413PayloadTooLarge => RefusalReason.TooLarge,
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => RefusalReason.Overloaded,
            _ => RefusalReason.Invalid,
        });
        Answer.Refuse(response, refusal, shape);
    }

    private static Intake Create(in Request request, ReadOnlySpan<byte> body) =>
        request.Factory.Create(request.Operation, request.Workspace, request.Target, request.PathValue, request.Headers, body);

    /// <summary>The parameters of a call, except its body.</summary>
    private readonly record struct Request(
        TrackCallFactory Factory, TrackOperation Operation, WorkspaceSettings Workspace, string Target, string? PathValue, IHeaderDictionary Headers);
}
