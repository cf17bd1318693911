using System.Buffers;
using System.IO.Pipelines;
using CioOrleans.Api.Anonymous;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Handover;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Track;

/// <summary>
/// The Track API, version 1. It works on the raw target and ahead of routing: route values leave <c>%2F</c> undecoded, and routing
/// would cost as much as all of this.
/// </summary>
internal sealed class TrackV1Endpoint(
    RequestDelegate next,
    CallerAuthenticator authenticator,
    AnonymousGate anonymous,
    TrackCallFactory factory,
    ICallSink sink,
    IRequestForwarder forwarder,
    DispatcherMetrics metrics,
    ApiSettings settings)
{
    private readonly BodyLimit _limit = new(settings.MaxBodyBytes, BodyRefusals.OverOwnMaximum(settings.MaxBodyBytes));

    public Task InvokeAsync(HttpContext context)
    {
        var target = RawTarget.ToOriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var match = TrackPaths.Find(RawTarget.PathOf(target));
        if (match.Path is null)
        {
            return next(context);
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
        var intake = await ReadAsync(context, operation, workspace, target, pathValue, limit);
        if (!intake.IsTaken)
        {
            Refuse(context.Response, intake.Refusal, operation.ErrorShape);
            return;
        }

        var accepted = isAnonymous
            ? await sink.AcceptUpToAsync(
                workspace.Name, CustomerKey.ForStranger(intake.Customer), intake.Call with { Priority = CallPriority.Bulk }, anonymous.MaxQueuedPerLane)
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
            _ => RefusalReason.Invalid,
        });
        Answer.Refuse(response, refusal, shape);
    }

    private async ValueTask<Intake> ReadAsync(
        HttpContext context, TrackOperation operation, WorkspaceSettings workspace, string target, string? pathValue, BodyLimit limit)
    {
        var request = context.Request;
        var announced = request.ContentLength;
        if (announced > limit.MaxBytes)
        {
            return Intake.Refused(limit.TooLarge);
        }

        var reader = request.BodyReader;
        ReadResult read;
        while (true)
        {
            // No token: the server ends the read itself when the connection is gone, and making RequestAborted costs an allocation.
            read = await reader.ReadAsync();
            if (read.IsCompleted || read.Buffer.Length > limit.MaxBytes)
            {
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        var intake = read.Buffer.Length > limit.MaxBytes
            ? Intake.Refused(limit.TooLarge)
            : Take(request, operation, workspace, target, pathValue, read.Buffer, limit);
        reader.AdvanceTo(read.Buffer.End);
        return intake;
    }

    private Intake Take(HttpRequest request, TrackOperation operation, WorkspaceSettings workspace, string target, string? pathValue, in ReadOnlySequence<byte> body, BodyLimit limit)
    {
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count > 0 && !body.IsEmpty && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase)
                ? TakeDecoded(request, operation, workspace, target, pathValue, body, limit)
                : Intake.Refused(BodyRefusals.UnknownEncoding);
        }

        if (body.IsSingleSegment)
        {
            return factory.Create(operation, workspace, target, pathValue, request.Headers, body.FirstSpan);
        }

        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(rented);
        var intake = factory.Create(operation, workspace, target, pathValue, request.Headers, rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return intake;
    }

    private Intake TakeDecoded(HttpRequest request, TrackOperation operation, WorkspaceSettings workspace, string target, string? pathValue, in ReadOnlySequence<byte> body, BodyLimit limit)
    {
        var decoded = GzipBody.Decode(body, limit.MaxBytes);
        return decoded is null ? Intake.Refused(BodyRefusals.NotGzip)
            : decoded.Length > limit.MaxBytes ? Intake.Refused(limit.TooLarge)
            : factory.Create(operation, workspace, target, pathValue, request.Headers, decoded);
    }

    /// <summary>The largest body, and what a larger one is answered.</summary>
    private readonly record struct BodyLimit(int MaxBytes, Refusal TooLarge);
}
