using System.Net;
using CioOrleans.Attempts;

namespace CioOrleans.Delivery.Batches;

/// <summary>What a response to a batch means for each operation in it.</summary>
public static class BatchResults
{
    /// <summary>One result an operation, in the order of the request.</summary>
    /// <param name="result">What became of the request.</param>
    /// <param name="count">How many operations it carried; one is sent as what it is, and its response is its own.</param>
    public static IReadOnlyList<BatchItemResult> Judge(AttemptResult result, int count) => result switch
    {
        AttemptResult.Response response when count == 1 => [Answered(response)],
        AttemptResult.Response response => Judge(response, count),
        AttemptResult.NoResponse failure => All(count, new BatchItemResult.Unanswered(failure.Kind, failure.Reason)),
        AttemptResult.Unsendable => All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone)),
        _ => All(count, new BatchItemResult.Undecided(UnusedReason.PermitExpired)),
    };

    /// <summary>Whether anything may have been written to the network.</summary>
    public static bool WasSent(AttemptResult result) => result switch
    {
        AttemptResult.Response => true,
        AttemptResult.NoResponse failure => failure.Kind.MayHaveArrived(),
        _ => false,
    };

    private static BatchItemResult[] Judge(AttemptResult.Response response, int count) => OutcomeTable.Judge(response.Status) switch
    {
        AttemptOutcome.Delivered => ByItem(response, count),

        // One operation may have spoilt it for all, and the response does not say which.
        AttemptOutcome.Rejected => All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone)),
        _ => All(count, Answered(response)),
    };

    private static BatchItemResult[] ByItem(AttemptResult.Response response, int count)
    {
        var results = All(count, new BatchItemResult.Answered(response.Status, null));
        switch (ItemErrors.Read(response.Body, count))
        {
            case null:
                return All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone));

            case var errors:
                foreach (var error in errors)
                {
                    results[error.Index] = new BatchItemResult.Answered((int)(error.IsPassing ? HttpStatusCode.InternalServerError : HttpStatusCode.BadRequest), error.Text);
                }

                return results;
        }
    }

    private static BatchItemResult.Answered Answered(AttemptResult.Response response) =>
        response.BodyNamesErrors ? new((int)HttpStatusCode.BadRequest, response.Body) : new(response.Status, response.Error);

    private static BatchItemResult[] All(int count, BatchItemResult result)
    {
        var results = new BatchItemResult[count];
        Array.Fill(results, result);
        return results;
    }
}
