using System.Text.Json;
using System.Text.Json.Nodes;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Handover;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains;

namespace CioOrleans.Api.App;

/// <summary>Stores sends in place of forwarding them, and tells later what became of them.</summary>
internal sealed partial class DurableSends(ICallSink sink, IGrainFactory grains, KeptHeaders headers, TimeProvider time, ILogger<DurableSends> logger)
{
    private static readonly Refusal _unknown = new(
        StatusCodes.Status404NotFound, "There is no stored send of this name, or its result has been forgotten (Sends:KeepResults).");

    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot look it up at the moment. Try again.");

    /// <summary>Stores a send and answers where its result will be.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">Whose.</param>
    /// <param name="message">What.</param>
    /// <param name="customer">In whose queue; null where no order was asked for.</param>
    public async Task AcceptAsync(HttpContext context, WorkspaceSettings workspace, SendRequest message, string? customer)
    {
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
            Headers = headers.Of(context.Request.Headers),
            Body = message.Body,
            AcceptedAt = acceptedAt,
        });
        if (accepted is AcceptResult.NotAccepted unavailable)
        {
            Answer.RetryLater(context.Response, new Refusal(Answer.StatusOf(unavailable), $"{unavailable.Reason} Nothing was sent."), unavailable.RetryAfter);
            return;
        }

        var result = AppPaths.Results + receipt;
        context.Response.Headers.Location = result;
        context.Response.Headers["Preference-Applied"] = "respond-async";
        AppAnswer.Write(context.Response, StatusCodes.Status200OK, new JsonObject { ["id"] = id.ToString(), ["state"] = "waiting", ["result"] = result });
    }

    /// <summary>Answers what became of a stored send.</summary>
    public async Task AnswerAsync(HttpContext context, WorkspaceSettings workspace, string receiptText)
    {
        if (!SendReceipt.TryParse(receiptText, out var receipt))
        {
            AppAnswer.Refuse(context.Response, _unknown);
            return;
        }

        SendState state;
        try
        {
            state = await grains.GetCustomer(new CustomerAddress(workspace.Name, receipt.Customer)).GetSend(receipt.Id);
        }
        catch (Exception exception)
        {
            LogNotFound(workspace.Name, exception);
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

    private static JsonObject Describe(Ulid id, SendState state)
    {
        var answer = new JsonObject { ["id"] = id.ToString() };
        switch (state)
        {
            case SendState.Waiting waiting:
                answer["state"] = "waiting";
                answer["reason"] = waiting.LastError;
                break;

            case SendState.Sent sent:
                answer["state"] = "sent";
                answer["at"] = sent.At.ToString("O");
                answer["status"] = sent.Status;
                answer["answer"] = ParseOrText(sent.Body);
                break;

            case SendState.Dead dead:
                answer["state"] = dead.IsOutcomeUnknown ? "unknown" : "failed";
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
