using System.Net;
using CioOrleans.Attempts;
using CioOrleans.History;

namespace CioOrleans.Delivery.Batches;

/// <summary>What a response to a batch means for each operation in it.</summary>
public static class BatchResults
{
    /// <summary>One result an operation, in the order of the request.</summary>
    /// <param name="result">What became of the request.</param>
    /// <param name="count">How many operations it carried; one is sent as what it is, and its response is its own.</param>
    /// <param name="trace">When the request was under way, for the history; null if that is not known.</param>
    public static IReadOnlyList<BatchItemResult> Judge(AttemptResult result, int count, AttemptTrace? trace = null) => result switch
    {
        AttemptResult.Response response when count == 1 => [Answered(response, trace)],
        AttemptResult.Response response => Judge(response, count, trace),
        AttemptResult.NoResponse failure => All(count, new BatchItemResult.Unanswered(failure.Kind, failure.Reason) { Trace = trace }),
        AttemptResult.Unsendable => All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone) { Trace = trace }),
        _ => All(count, new BatchItemResult.Undecided(UnusedReason.PermitExpired) { Trace = trace }),
    };

    /// <summary>Whether anything may have been written to the network.</summary>
    public static bool WasSent(AttemptResult result) => result switch
    {
        AttemptResult.Response => true,
        AttemptResult.NoResponse failure => failure.Kind.MayHaveArrived(),
        _ => false,
    };

    private static BatchItemResult[] Judge(AttemptResult.Response response, int count, AttemptTrace? trace) => OutcomeTable.Judge(response.Status) switch
    {
        AttemptOutcome.Delivered => ByItem(response, count, trace),

        // One operation may have spoilt it for all, and the response does not say which.
        AttemptOutcome.Rejected => All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone) { Trace = trace }),
        _ => All(count, Answered(response, trace)),
    };

    private static BatchItemResult[] ByItem(AttemptResult.Response response, int count, AttemptTrace? trace)
    {
        var results = All(count, new BatchItemResult.Answered(response.Status, null) { Trace = trace });
        switch (ItemErrors.Read(response.Body, count))
        {
            case null:
                return All(count, new BatchItemResult.Undecided(UnusedReason.GoesAlone) { Trace = trace });

            case var errors:
                foreach (var error in errors)
                {
                    var status = error.IsPassing ? HttpStatusCode.InternalServerError : HttpStatusCode.BadRequest;
                    results[error.Index] = new BatchItemResult.Answered((int)status, error.Text) { Trace = trace };
                }

                return results;
        }
    }

    private static BatchItemResult.Answered Answered(AttemptResult.Response response, AttemptTrace? trace)
    {
        var (status, error) = response.BodyNamesErrors ? ((int)HttpStatusCode.BadRequest, response.Body) : (response.Status, response.Error);
        return new BatchItemResult.Answered(status, error) { Trace = trace };
    }

    private static BatchItemResult[] All(int count, BatchItemResult result)
    {
        var results = new BatchItemResult[count];
        Array.Fill(results, result);
        return results;
    }
}
