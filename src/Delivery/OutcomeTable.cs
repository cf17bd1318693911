using System.Net;
using CioOrleans.Attempts;

namespace CioOrleans.Delivery;

/// <summary>Defines the meaning of every status, and of every attempt without a response.</summary>
public static class OutcomeTable
{
    /// <summary>The meaning of a status of any of Customer.io's APIs, for a call that may be repeated.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="bodyNamesErrors">Whether the body of a 2xx holds a non-empty <c>errors</c> list. In a 207 Customer.io lists the items that it
    /// refuses.</param>
    public static AttemptOutcome Judge(int status, bool bodyNamesErrors = false) => status switch
    {
        >= 200 and < 300 => bodyNamesErrors ? AttemptOutcome.Rejected : AttemptOutcome.Delivered,

        // Following a redirect would send the body and the credentials to another host. A redirect means the wrong region or a wrong URL.
        >= 300 and < 400 => AttemptOutcome.Misconfigured,
        401 or 403 or 407 => AttemptOutcome.Misconfigured,
        408 or 425 => AttemptOutcome.Failed,
        429 => AttemptOutcome.Throttled,
        >= 400 and < 500 => AttemptOutcome.Rejected,
        _ => AttemptOutcome.Failed,
    };

    /// <summary>The meaning of a status for a send or a broadcast, which must not be repeated once it may have been sent (<see cref="AtMostOnce"/>).</summary>
    public static AttemptOutcome JudgeSend(int status, bool bodyNamesErrors = false) => (HttpStatusCode)status switch
    {
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => AttemptOutcome.Unknown,
        _ => Judge(status, bodyNamesErrors) is var outcome and not AttemptOutcome.Failed ? outcome : AttemptOutcome.Rejected,
    };

    /// <summary>The meaning of a missing response for a send or a broadcast: it failed if it was certainly not sent.</summary>
    public static AttemptOutcome JudgeSend(FailureKind kind) => kind.MayHaveArrived() ? AttemptOutcome.Unknown : AttemptOutcome.Failed;

    /// <summary>Whether Customer.io's answer decides, so that a caller who waits gets it.</summary>
    public static bool IsAnswer(this AttemptOutcome outcome) => outcome is AttemptOutcome.Delivered or AttemptOutcome.Rejected or AttemptOutcome.Misconfigured;
}

/// <summary>The meaning of an attempt for its call. <see cref="OutcomeTable"/> decides.</summary>
public enum AttemptOutcome
{
    /// <summary>Customer.io accepted the call.</summary>
    Delivered,

    /// <summary>Customer.io refused the call and would refuse it again.</summary>
    Rejected,

    /// <summary>The call was not carried out, or a repeat of it is harmless. A repeat may succeed.</summary>
    Failed,

    /// <summary>The limit was exceeded. The call was not carried out.</summary>
    Throttled,

    /// <summary>The workspace's settings are wrong: every call to the host would get this answer.</summary>
    Misconfigured,

    /// <summary>Sends only: the message may have been sent. The dispatcher never repeats it by itself.</summary>
    Unknown,
}
