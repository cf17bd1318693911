namespace CioOrleans.Delivery;

/// <summary>The one place that says what each status means.</summary>
public static class OutcomeTable
{
    /// <summary>The meaning of a status code of the Track API.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="bodyNamesErrors">Whether the body of a 2xx holds a non-empty <c>errors</c> list: on a 207 Customer.io refuses items so.</param>
    public static Verdict Judge(int status, bool bodyNamesErrors = false) => status switch
    {
        >= 200 and < 300 => bodyNamesErrors ? Verdict.Rejected : Verdict.Delivered,

        // A redirect would send the body and the credentials to somebody else; it means the wrong region or a wrong URL.
        >= 300 and < 400 => Verdict.Misconfigured,
        401 or 403 or 407 => Verdict.Misconfigured,
        408 or 425 => Verdict.Failed,
        429 => Verdict.Throttled,
        >= 400 and < 500 => Verdict.Rejected,
        _ => Verdict.Failed,
    };
}
