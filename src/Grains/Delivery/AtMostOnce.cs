using System.Net;

namespace CioOrleans.Delivery;

/// <summary>
/// The rule for what Customer.io cannot recognise when it is repeated: sends and broadcasts have no idempotency key. In doubt a message counts
/// as sent.
/// </summary>
public static class AtMostOnce
{
    /// <summary>How a dead letter's reason begins, for people, where the outcome is unknown.</summary>
    public const string UnknownOutcome = "outcome unknown, the message may have been sent: ";

    /// <summary>Why the outcome is unknown where the attempt's end was never recorded.</summary>
    public const string Interrupted = "the request had begun to leave, and its end was never recorded";

    /// <summary>What a status means.</summary>
    public static SendFate Judge(int status) => (HttpStatusCode)status switch
    {
        HttpStatusCode.TooManyRequests => SendFate.NotSent,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => SendFate.Unknown,
        _ => SendFate.Answered,
    };

    /// <summary>What to do with a send that has come to the head of its queue.</summary>
    /// <param name="hasBegun">Whether its row says that an attempt had begun.</param>
    /// <param name="hasAnswer">Whether Customer.io's answer to it is stored.</param>
    public static SendStep Next(bool hasBegun, bool hasAnswer) =>
        !hasBegun ? SendStep.Send : hasAnswer ? SendStep.Finish : SendStep.Bury;

    /// <summary>What the lack of a response means.</summary>
    public static SendFate Judge(FailureKind kind) => kind.MayHaveArrived() ? SendFate.Unknown : SendFate.NotSent;
}
