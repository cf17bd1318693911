using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.TrackV2;

/// <summary>The Track API, version 2: <c>/api/v2/entity</c> and <c>/api/v2/batch</c>.</summary>
internal sealed class TrackV2Endpoint(
    CallerAuthenticator authenticator,
    OperationCallFactory factory,
    BodyIntake bodies,
    BatchSubmitter submitter,
    RefusalMetrics metrics,
    ApiSettings settings) : IWireApi
{
    private readonly BodyLimit _limit = new(settings.MaxBodyBytes, BodyRefusals.OverOwnMaximum(settings.MaxBodyBytes));

    private const string Batch = "/api/v2/batch";

    public Task? TryServe(HttpContext context, string target)
    {
        var path = RawTarget.PathOf(target);
        var isBatch = path is Batch;
        if (!isBatch && path is not OperationCallFactory.EntityTarget)
        {
            return null;
        }

        if (context.Request.Method != HttpMethods.Post)
        {
            metrics.Refused(RefusalReason.NotFound);
            Answer.MethodNotAllowed(context.Response, HttpMethods.Post);
            return Task.CompletedTask;
        }

        var workspace = authenticator.Authenticate(context.Request.Headers.Authorization, required: true, out var refusal);
        if (workspace is null)
        {
            metrics.Refused(RefusalReason.Unauthorized);
            Answer.Refuse(context.Response, refusal!, ErrorShape.Single);
            return Task.CompletedTask;
        }

        return AcceptAsync(context, workspace, isBatch);
    }

    private async Task AcceptAsync(HttpContext context, WorkspaceSettings workspace, bool isBatch)
    {
        var (taken, refusal) = await bodies.ReadAsync(
            context,
            _limit,
            (factory, workspace, context.Request.Headers, isBatch),
            static (to, body, _) => to.isBatch ? to.factory.ReadBatch(to.workspace, to.Headers, body) : to.factory.ReadEntity(to.workspace, to.Headers, body));
        if (refusal is not null)
        {
            RefuseBody(context.Response, refusal);
            return;
        }

        var request = taken!;
        if (request.WholeError is { } error)
        {
            metrics.Refused(RefusalReason.Invalid);
            TrackV2Answer.Refuse(context.Response, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (await submitter.AcceptAsync(workspace.Name, request.Operations) is { } unavailable)
        {
            metrics.Refused(Answer.ReasonOf(unavailable));
            TrackV2Answer.RetryLater(context.Response, unavailable);
            return;
        }

        if (request.Refusals.Count == 0)
        {
            Answer.Success(context.Response);
            return;
        }

        metrics.Refused(RefusalReason.Invalid, request.Refusals.Count);
        TrackV2Answer.MultiStatus(context.Response, request.Refusals);
    }

    private void RefuseBody(HttpResponse response, Refusal refusal)
    {
        var isTooLarge = refusal.Status == StatusCodes.Status413PayloadTooLarge;
        var isBusy = refusal.Status == StatusCodes.Status503ServiceUnavailable;
        metrics.Refused(isTooLarge ? RefusalReason.TooLarge : isBusy ? RefusalReason.Overloaded : RefusalReason.Invalid);
        TrackV2Answer.Refuse(
            response,
            refusal.Status,
            isTooLarge ? OperationError.Size("", refusal.Message) : isBusy ? new OperationError("overloaded", "", refusal.Message) : OperationError.Malformed(refusal.Message));
    }
}
