using System.Net;

namespace CioOrleans.Delivery;

/// <summary>
/// The rule for what Customer.io cannot recognise when it is repeated: sends and broadcasts have no idempotency key. In doubt a message counts
/// as sent.
/// </summary>
public static class AtMostOnce
{
    /// <summary>Stands as the error of a stored send while its request may be on the wire: whoever finds it there later knows that nobody knows.</summary>
    public const string Begun = "the request had begun to leave, and its end was never recorded";

    /// <summary>What an unknown outcome is called in a dead letter; the rest of the reason follows.</summary>
    public const string UnknownOutcome = "outcome unknown, the message may have been sent: ";

    /// <summary>What a status means.</summary>
    public static SendFate Judge(int status) => (HttpStatusCode)status switch
    {
        HttpStatusCode.TooManyRequests => SendFate.NotSent,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => SendFate.Unknown,
        _ => SendFate.Answered,
    };

    /// <summary>What the lack of a response means.</summary>
    public static SendFate Judge(FailureKind kind) => kind.MayHaveArrived() ? SendFate.Unknown : SendFate.NotSent;
}
