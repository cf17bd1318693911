using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Track;
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

    public Task? TryServe(HttpContext context, string target)
    {
        var name = PipelinesCall.Find(RawTarget.PathOf(target));
        if (name is null)
        {
            return null;
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
