using System.Text.Json;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Guarding;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Track;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using Microsoft.Net.Http.Headers;

namespace CioOrleans.Api.Pipelines;

/// <summary>
/// The paths of Customer.io's browser SDK, for pages of the origins that a workspace names. Their write key is public, so their calls have a small body, a
/// rate by address, queues of their own and bulk priority.
/// </summary>
internal sealed class BrowserEndpoint(
    IWorkspaceDirectory workspaces,
    RateByAddress rates,
    PipelinesCallFactory factory,
    BodyIntake bodies,
    ICallSink sink,
    RefusalMetrics metrics,
    DroppedCalls dropped) : IWireApi
{
    /// <summary>The largest body, in bytes: what a browser sends when its page is left.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private const string StrictMode = "X-Strict-Mode";

    private static readonly BodyLimit _limit = new(MaxBodyBytes, BodyRefusals.TooLarge(MaxBodyBytes));

    private static readonly Refusal _off = new(
        StatusCodes.Status404NotFound, "Calls of the browser SDK are not taken here: set Pipelines:Browser:WriteKey and Pipelines:Browser:Origins of the workspace.");

    private static readonly Refusal _otherOrigin = new(StatusCodes.Status403Forbidden, "Pages of this origin are not served: add it to the workspace's Pipelines:Browser:Origins.");

    private static readonly Refusal _unauthorized = new(
        StatusCodes.Status401Unauthorized, "Unauthorized request: send the workspace's Pipelines:Browser:WriteKey as the body's writeKey.");

    private static readonly Refusal _tooMany = new(StatusCodes.Status429TooManyRequests, "This address sends more requests than Pipelines:Browser:Rate allows. Slow down.");

    public Task? TryServe(HttpContext context, string target)
    {
        if (BrowserPath.NameOf(RawTarget.PathOf(target)) is not { } name)
        {
            return null;
        }

        var (request, response) = (context.Request, context.Response);
        if (workspaces.ServingBrowsers.Count == 0)
        {
            return Refuse(response, _off, RefusalReason.NotFound);
        }

        var origin = request.Headers.Origin.Count == 1 ? request.Headers.Origin[0] : null;
        var serving = workspaces.ServingBrowsers.Where(workspace => workspace.Browser!.Serves(origin)).ToArray();
        if (serving.Length == 0)
        {
            return Refuse(response, _otherOrigin, RefusalReason.Unauthorized);
        }

        response.Headers.AccessControlAllowOrigin = origin ?? BrowserSettings.AnyOrigin;
        response.Headers.Vary = HeaderNames.Origin;
        if (HttpMethods.IsOptions(request.Method))
        {
            response.Headers.AccessControlAllowMethods = HttpMethods.Post;
            response.Headers.AccessControlAllowHeaders = $"content-type, {StrictMode}";
            response.Headers.AccessControlMaxAge = "7200";
            Answer.NoContent(response);
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            metrics.Refused(RefusalReason.NotFound);
            Answer.MethodNotAllowed(response, $"{HttpMethods.Post}, {HttpMethods.Options}", ErrorShape.Pipelines);
            return Task.CompletedTask;
        }

        // Before the body is read, which names the workspace: where several serve the origin, the rate of the first counts.
        if (!rates.Admits(serving[0].Name, serving[0].Browser!.Rate, context.Connection.RemoteIpAddress))
        {
            Answer.SetRetryAfter(response, TimeSpan.FromSeconds(1));
            return Refuse(response, _tooMany, RefusalReason.Overloaded);
        }

        return AcceptAsync(context, name, serving, target);
    }

    private async Task AcceptAsync(HttpContext context, string name, WorkspaceSettings[] serving, string target)
    {
        var response = context.Response;
        var (body, unread) = await bodies.ReadAsync(context, _limit);
        if (unread is not null)
        {
            await Refuse(response, unread, unread.Status == StatusCodes.Status413PayloadTooLarge ? RefusalReason.TooLarge : RefusalReason.Overloaded);
            return;
        }

        var key = WriteKeyOf(body!, out var isJson);
        if (!isJson)
        {
            await Refuse(response, Refusal.BadRequest("The body is not a JSON object. Send one."), RefusalReason.Invalid);
            return;
        }

        if (serving.FirstOrDefault(known => known.Browser!.WriteKey == key) is not { } workspace)
        {
            await Refuse(response, _unauthorized, RefusalReason.Unauthorized);
            return;
        }

        var intake = factory.Create(name, workspace, target, Kept(context.Request.Headers), body!);
        if (intake.Refusal is { } refused)
        {
            await Refuse(response, refused, RefusalReason.Invalid);
            return;
        }

        // One after the other, because two customers may share a queue.
        foreach (var (customer, call) in intake.Calls)
        {
            var accepted = await sink.AcceptUpToAsync(
                workspace.Name, CustomerKey.ForBrowser(customer), call with { Priority = CallPriority.Bulk }, workspace.Browser!.MaxQueued / CustomerKey.BrowserQueues);
            if (accepted is AcceptResult.NotAccepted unavailable)
            {
                metrics.Refused(Answer.ReasonOf(unavailable));
                Answer.NotTaken(response, unavailable, ErrorShape.Pipelines);
                return;
            }
        }

        dropped.Report(workspace.Name, target, intake.Invalid);
        Answer.Success(response);
    }

    private Task Refuse(HttpResponse response, Refusal refusal, RefusalReason reason)
    {
        metrics.Refused(reason);
        Answer.Refuse(response, refusal, ErrorShape.Pipelines);
        return Task.CompletedTask;
    }

    /// <summary>Leaves out what a browser adds about the visitor's page and other sites, such as <c>Referer</c>.</summary>
    private static HeaderDictionary Kept(IHeaderDictionary headers)
    {
        var kept = new HeaderDictionary();
        foreach (var name in (ReadOnlySpan<string>)[HeaderNames.ContentType, HeaderNames.UserAgent, StrictMode])
        {
            if (headers.TryGetValue(name, out var values))
            {
                kept[name] = values;
            }
        }

        return kept;
    }

    /// <summary>The last <c>writeKey</c> at the top of the body, which is the one that counts in a JSON object; null if there is none.</summary>
    private static string? WriteKeyOf(ReadOnlySpan<byte> body, out bool isJson)
    {
        isJson = false;
        string? key = null;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = reader.ValueTextEquals("writeKey"u8);
                reader.Read();
                if (isKey)
                {
                    key = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }

                reader.Skip();
            }

            isJson = !reader.Read();
            return key;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: the key has half of a surrogate pair.
            return null;
        }
    }
}
