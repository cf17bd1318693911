namespace CioOrleans.Delivery;

/// <summary>Defines the meaning of every status.</summary>
public static class OutcomeTable
{
    /// <summary>The meaning of a status of any of Customer.io's APIs. Sends follow <see cref="AtMostOnce"/>.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="bodyNamesErrors">Whether the body of a 2xx holds a non-empty <c>errors</c> list. In a 207 Customer.io lists the items that it
    /// refuses.</param>
    public static Verdict Judge(int status, bool bodyNamesErrors = false) => status switch
    {
        >= 200 and < 300 => bodyNamesErrors ? Verdict.Rejected : Verdict.Delivered,

        // Following a redirect would send the body and the credentials to another host. A redirect means the wrong region or a wrong URL.
        >= 300 and < 400 => Verdict.Misconfigured,
        401 or 403 or 407 => Verdict.Misconfigured,
        408 or 425 => Verdict.Failed,
        429 => Verdict.Throttled,
        >= 400 and < 500 => Verdict.Rejected,
        _ => Verdict.Failed,
    };
}
