using System.Buffers;
using CioOrleans.Api.Answers;
using CioOrleans.Configuration;
using CioOrleans.Delivery;

namespace CioOrleans.Api.App;

/// <summary>Answers the caller of a forwarded send.</summary>
internal static class SendAnswer
{
    /// <summary>The response header that is <c>unknown</c> if the message may have been sent. All other answers lack it.</summary>
    public const string OutcomeHeader = "X-Dispatch-Outcome";

    private static readonly Refusal _unreachable = new(StatusCodes.Status503ServiceUnavailable, "Customer.io cannot be reached. Nothing was sent. Try again.");
    private static readonly Refusal _unavailable = new(StatusCodes.Status503ServiceUnavailable, "The dispatcher cannot send at the moment. Nothing was sent. Try again.");
    private static readonly Refusal _misdirected = new(
        StatusCodes.Status502BadGateway, "Customer.io answered with a redirect. Nothing was sent. Set the workspace's Region or AppUrl to the region it lives in.");

    private const string MayBeSent = "The message may have been sent: repeat it only after you have looked, or it may be sent twice.";
    private const string MayHaveWorked = "The request may have taken effect: repeat it only after you have looked, or it may take effect twice.";

    public static void Write(HttpResponse response, SendOutcome outcome, UnknownOutcomeAnswer unknownOutcome, ErrorShape shape)
    {
        switch (outcome)
        {
            case SendOutcome.Answered { Response.Status: >= 300 and < 400 }:
                Answer.Refuse(response, _misdirected, shape);
                break;

            case SendOutcome.Answered answered:
                PassOn(response, answered.Response);
                break;

            case SendOutcome.Unknown unknown:
                WriteUnknown(response, unknown, unknownOutcome, shape);
                break;

            case SendOutcome.Unsendable unsendable:
                Answer.Refuse(response, Refusal.BadRequest($"{unsendable.Reason} Nothing was sent."), shape);
                break;

            case SendOutcome.NoRoom noRoom:
                Answer.NoPermit(response, $"{noRoom.Reason} Nothing was sent. Try again.", noRoom.RetryAfter, shape);
                break;

            default:
                Answer.RetryLater(response, outcome is SendOutcome.Unreachable ? _unreachable : _unavailable, TimeSpan.FromSeconds(1), shape);
                break;
        }
    }

    private static void WriteUnknown(HttpResponse response, SendOutcome.Unknown unknown, UnknownOutcomeAnswer answer, ErrorShape shape)
    {
        response.Headers[OutcomeHeader] = "unknown";
        if (answer == UnknownOutcomeAnswer.AsReceived && unknown.Response is { } own)
        {
            PassOn(response, own);
            return;
        }

        var status = answer == UnknownOutcomeAnswer.AsReceived ? unknown.Status : StatusCodes.Status424FailedDependency;
        Answer.Refuse(
            response,
            new Refusal(status, $"{unknown.Reason} {(shape == ErrorShape.App ? MayHaveWorked : MayBeSent)}"),
            shape);
    }

    private static void PassOn(HttpResponse to, AttemptResult.Response from)
    {
        var (headers, body) = from.Whole ?? throw new ArgumentException("A response without its headers.", nameof(from));
        to.StatusCode = from.Status;
        foreach (var (name, values) in headers)
        {
            to.Headers.Append(name, values);
        }

        to.ContentLength = body.Length;
        to.BodyWriter.Write(body);
    }
}
