using System.Buffers;
using System.Text;
using CioOrleans.Api.Answers;
using CioOrleans.Customers;

namespace CioOrleans.Api.App;

/// <summary>Answers the caller of a keyed send. Every caller gets the same answer to the same state, however often it asks.</summary>
internal static class KeyedAnswer
{
    private static readonly Refusal _otherContent = new(
        StatusCodes.Status409Conflict, $"This {IdempotencyKey.Header} was used for another request. Nothing was sent for this one. Use a key of its own for each message.");

    private static readonly Refusal _gone = new(
        StatusCodes.Status410Gone, $"The send under this {IdempotencyKey.Header} was discarded by an operator, or its answer is not kept any more. Nothing was sent for this request.");

    public static void OtherContent(HttpResponse response) => Answer.Refuse(response, _otherContent, ErrorShape.Single);

    /// <summary>The send was not stored, or it is uncertain whether it was.</summary>
    public static void Refused(HttpResponse response, AcceptResult.NotAccepted refusal) => Answer.RetryLater(
        response,
        new Refusal(Answer.StatusOf(refusal), $"{refusal.Reason} Repeat it under the same {IdempotencyKey.Header}: it is sent once."),
        refusal.RetryAfter);

    public static void Write(HttpResponse response, SendState state, SendReceipt receipt)
    {
        switch (state)
        {
            case SendState.Answered answered:
                PassOn(response, answered);
                break;

            case SendState.Dead { IsOutcomeUnknown: true } dead:
                response.Headers[SendAnswer.OutcomeHeader] = "unknown";
                Refuse(response, StatusCodes.Status424FailedDependency, $"{Sentence(dead.Reason)} A repeat under this key is answered so until an operator replays or discards the dead letter.");
                break;

            case SendState.Dead dead:
                Refuse(response, StatusCodes.Status424FailedDependency, $"Nothing was sent: {Sentence(dead.Reason)} It is kept as a dead letter that an operator may replay.");
                break;

            case SendState.Waiting:
                response.Headers.Location = AppPaths.Results + receipt;
                Answer.RetryLater(
                    response,
                    new Refusal(StatusCodes.Status503ServiceUnavailable, $"The message is queued under this {IdempotencyKey.Header} and will be sent once. Repeat the request under the same key to get its answer."),
                    TimeSpan.FromSeconds(1));
                break;

            default:
                Answer.Refuse(response, _gone, ErrorShape.Single);
                break;
        }
    }

    private static void Refuse(HttpResponse response, int status, string message) => Answer.Refuse(response, new Refusal(status, message), ErrorShape.Single);

    private static string Sentence(string reason) => reason.Length == 0 || reason.EndsWith('.') ? reason : reason + ".";

    private static void PassOn(HttpResponse response, SendState.Answered answered)
    {
        var body = Encoding.UTF8.GetBytes(answered.Body);
        response.StatusCode = answered.Status;
        if (answered.ContentType is { } contentType)
        {
            response.Headers.ContentType = contentType;
        }

        if (answered.Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = body.Length;
            response.BodyWriter.Write(body);
        }
    }
}
