using System.Text.Json;
using System.Text.Json.Nodes;
using CioOrleans.Addressing;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Deduplication;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery.Sends;

namespace CioOrleans.Api.App;

/// <summary>Stores sends instead of forwarding them, and answers their results later.</summary>
internal sealed partial class DurableSends(ICallSink sink, IGrainFactory grains, GrainKeys keys, KeptHeaders headers, TimeProvider time, ILogger<DurableSends> logger)
{
    private static readonly Refusal _unknown = new(
        StatusCodes.Status404NotFound, "There is no stored send of this name, or its result has been forgotten (Sends:KeepResults).");

    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot look it up at the moment. Try again.");

    /// <summary>Stores a send and answers the address of its result.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="message">The message.</param>
    /// <param name="customer">The ordering key of the queue that it joins; null if the caller asked for no order.</param>
    public async Task AcceptAsync(HttpContext context, WorkspaceSettings workspace, SendRequest message, string? customer)
    {
        if (headers.Of(context.Request.Headers, out var refusal) is not { } kept)
        {
            Answer.Refuse(context.Response, refusal!, ErrorShape.Single);
            return;
        }

        var acceptedAt = time.GetUtcNow();
        var id = Ulid.NewUlid(acceptedAt);
        var receipt = new SendReceipt(id, customer ?? CustomerKey.ForSend(id));
        var accepted = await sink.AcceptAsync(workspace.Name, receipt.Customer, new Call
        {
            Id = id,
            Kind = CallKind.Send,
            LimitClass = message.LimitClass,
            Method = HttpMethods.Post,
            Target = message.Target,
            Headers = kept,
            Notes = RequestKeys.NotesOf(context.Request.Headers),
            Body = message.Body,
            AcceptedAt = acceptedAt,
        });
        if (accepted is AcceptResult.Uncertain uncertain)
        {
            var result = AppPaths.Results + receipt;
            context.Response.Headers.Location = result;
            context.Response.Headers[SendAnswer.OutcomeHeader] = "unknown";
            Answer.Refuse(
                context.Response,
                new Refusal(StatusCodes.Status424FailedDependency, $"{Cause(uncertain.Reason)} The message may be stored, and is sent then. Look at {result} before you repeat it, or it may be sent twice."),
                ErrorShape.Single);
            return;
        }

        if (accepted is AcceptResult.NotAccepted unavailable)
        {
            Answer.RetryLater(context.Response, new Refusal(Answer.StatusOf(unavailable), $"{unavailable.Reason} Nothing was sent."), unavailable.RetryAfter);
            return;
        }

        await ReceiptAsync(context.Response, workspace, receipt, isNew: true);
    }

    /// <summary>Answers the address of a stored send's result, and its state.</summary>
    /// <param name="response">The response.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="receipt">The send.</param>
    /// <param name="isNew">True if this request stored it; false if an earlier request did, and the send may have ended.</param>
    public async Task ReceiptAsync(HttpResponse response, WorkspaceSettings workspace, SendReceipt receipt, bool isNew)
    {
        SendState state = new SendState.Waiting(null);
        if (!isNew && await FindAsync(workspace, receipt) is { } found)
        {
            state = found;
        }

        var result = AppPaths.Results + receipt;
        response.Headers.Location = result;
        response.Headers["Preference-Applied"] = "respond-async";
        AppAnswer.Write(response, StatusCodes.Status200OK, new JsonObject { ["id"] = receipt.Id.ToString(), ["state"] = NameOf(state), ["result"] = result });
    }

    /// <summary>Answers the state of a stored send: 404 if it is unknown or forgotten, 503 if its state cannot be read.</summary>
    public async Task AnswerAsync(HttpContext context, WorkspaceSettings workspace, string receiptText)
    {
        if (!SendReceipt.TryParse(receiptText, out var receipt))
        {
            AppAnswer.Refuse(context.Response, _unknown);
            return;
        }

        if (await FindAsync(workspace, receipt) is not { } state)
        {
            AppAnswer.RetryLater(context.Response, _unavailable, TimeSpan.FromSeconds(1));
            return;
        }

        if (state is SendState.Absent)
        {
            AppAnswer.Refuse(context.Response, _unknown);
            return;
        }

        AppAnswer.Write(context.Response, StatusCodes.Status200OK, Describe(receipt.Id, state));
    }

    /// <summary>The state of a send; null if its grain does not answer.</summary>
    private async Task<SendState?> FindAsync(WorkspaceSettings workspace, SendReceipt receipt)
    {
        try
        {
            return await grains.GetCustomer(keys, new CustomerAddress(workspace.Name, receipt.Customer)).GetSend(receipt.Id);
        }
        catch (Exception exception)
        {
            LogNotFound(workspace.Name, exception);
            return null;
        }
    }

    /// <summary>Removes the advice to try again from a reason, because a repeat would create a second message.</summary>
    private static string Cause(string reason) => reason.Replace(" Try again.", string.Empty, StringComparison.Ordinal).TrimEnd('.') + ".";

    private static string NameOf(SendState state) => state switch
    {
        SendState.Waiting => "waiting",
        SendState.Answered { IsSuccess: true } => "sent",
        SendState.Dead { IsOutcomeUnknown: true } => "unknown",
        SendState.Discarded => "discarded",
        SendState.Absent => "gone",
        _ => "failed",
    };

    private static JsonObject Describe(Ulid id, SendState state)
    {
        var answer = new JsonObject { ["id"] = id.ToString(), ["state"] = NameOf(state) };
        switch (state)
        {
            case SendState.Waiting waiting:
                answer["reason"] = waiting.LastError;
                break;

            case SendState.Discarded discarded:
                answer["at"] = discarded.At.ToString("O");
                answer["reason"] = "An operator discarded it while it waited: it was never sent.";
                break;

            case SendState.Answered answered:
                answer["at"] = answered.At.ToString("O");
                if (!answered.IsSuccess)
                {
                    answer["reason"] = answered.Body.Length == 0 ? $"{answered.Status}" : $"{answered.Status}: {answered.Body}";
                }

                answer["status"] = answered.Status;
                answer["answer"] = ParseOrText(answered.Body);
                break;

            case SendState.Dead dead:
                answer["at"] = dead.At.ToString("O");
                answer["reason"] = dead.Reason;
                break;
        }

        return answer;
    }

    private static JsonNode? ParseOrText(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
