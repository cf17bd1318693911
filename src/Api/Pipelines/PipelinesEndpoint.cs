using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Track;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.Pipelines;

/// <summary>The Pipelines API.</summary>
internal sealed class PipelinesEndpoint(
    IWorkspaceDirectory workspaces, PipelinesCallFactory factory, BodyIntake bodies, ICallSink sink, RefusalMetrics metrics, DroppedCalls dropped) : IWireApi
{
    private static readonly BodyLimit _limit = new(PipelinesCallFactory.MaxBatchBytes, BodyRefusals.TooLarge(PipelinesCallFactory.MaxBatchBytes));

    private static readonly Refusal _unauthorized = new(
        StatusCodes.Status401Unauthorized,
        "Unauthorized request: send the source's write key as the Basic user name, and set it as the workspace's PipelinesWriteKey.");

    private static readonly Refusal _notFound = new(
        StatusCodes.Status404NotFound, "There is no such path in the Pipelines API. Send /v1/identify, track, page, screen, group, alias or batch.");

    public Task? TryServe(HttpContext context, string target)
    {
        var name = PipelinesCall.Find(RawTarget.PathOf(target));
        if (name is null)
        {
            return IsLostPipelinesCall(context, target) ? RefusePath(context.Response) : null;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            metrics.Refused(RefusalReason.NotFound);
            Answer.MethodNotAllowed(context.Response, HttpMethods.Post, ErrorShape.Pipelines);
            return Task.CompletedTask;
        }

        if (Authenticate(context.Request.Headers.Authorization) is not { } workspace)
        {
            metrics.Refused(RefusalReason.Unauthorized);
            Answer.Refuse(context.Response, _unauthorized, ErrorShape.Pipelines);
            return Task.CompletedTask;
        }

        return AcceptAsync(context, name, workspace, target);
    }

    /// <summary>
    /// Whether the path is none of the Pipelines API's, and the caller has a write key, which the App API knows nothing of. An SDK of the Pipelines API reads
    /// only errors of its own form.
    /// </summary>
    private bool IsLostPipelinesCall(HttpContext context, string target) =>
        target.StartsWith(PipelinesCall.Root, StringComparison.Ordinal) && BrowserPath.NameOf(RawTarget.PathOf(target)) is null
        && Authenticate(context.Request.Headers.Authorization) is not null;

    private Task RefusePath(HttpResponse response)
    {
        metrics.Refused(RefusalReason.NotFound);
        Answer.Refuse(response, _notFound, ErrorShape.Pipelines);
        return Task.CompletedTask;
    }

    private WorkspaceSettings? Authenticate(StringValues header)
    {
        Span<char> buffer = stackalloc char[BasicCredentials.MaxHeaderLength];
        return header.Count == 1
            && BasicCredentials.TryRead(header[0], buffer, out var given)
            && workspaces.TryFindByWriteKey(given.User, out var workspace)
                ? workspace
                : null;
    }

    private async Task AcceptAsync(HttpContext context, string name, WorkspaceSettings workspace, string target)
    {
        var (body, unread) = await bodies.ReadAsync(context, _limit);
        if (unread?.Status == StatusCodes.Status503ServiceUnavailable)
        {
            metrics.Refused(RefusalReason.Overloaded);
            Answer.Refuse(context.Response, unread, ErrorShape.Pipelines);
            return;
        }

        var intake = unread is not null ? PipelinesIntake.Refused(unread) : factory.Create(name, workspace, target, context.Request.Headers, body!);
        if (intake.Refusal is { } refused)
        {
            metrics.Refused(refused.Status == StatusCodes.Status413PayloadTooLarge ? RefusalReason.TooLarge : RefusalReason.Invalid);

            // Always 400: the analytics SDKs treat every other error status as temporary and repeat the request.
            Answer.Refuse(context.Response, refused with { Status = StatusCodes.Status400BadRequest }, ErrorShape.Pipelines);
            return;
        }

        // Start all accepts before waiting for the first. Each customer has only one call here, so the order does not matter.
        var accepts = intake.Calls.Select(c => sink.AcceptAsync(workspace.Name, c.Customer, c.Call).AsTask()).ToArray();
        var results = await Task.WhenAll(accepts);
        if (results.OfType<AcceptResult.NotAccepted>().FirstOrDefault() is { } unavailable)
        {
            metrics.Refused(Answer.ReasonOf(unavailable));
            Answer.NotTaken(context.Response, unavailable, ErrorShape.Pipelines);
            return;
        }

        dropped.Report(workspace.Name, target, intake.Invalid);
        Answer.Success(context.Response);
    }
}
