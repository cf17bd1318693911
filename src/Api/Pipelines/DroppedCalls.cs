using CioOrleans.Api.Answers;
using CioOrleans.Api.Track;

namespace CioOrleans.Api.Pipelines;

/// <summary>
/// Counts, logs and keeps calls that are not delivered although their request is answered 200, as Customer.io answers it.
/// </summary>
internal sealed partial class DroppedCalls(RefusalMetrics metrics, RefusedCallQueue kept, ILogger<DroppedCalls> logger)
{
    public void Report(string workspace, string target, IReadOnlyList<InvalidCall> invalid)
    {
        if (invalid.Count == 0)
        {
            return;
        }

        metrics.Refused(RefusalReason.Dropped, invalid.Count);
        LogInvalid(workspace, invalid.Count, invalid[0].Problem);
        kept.Offer(workspace, RawTarget.PathOf(target).ToString(), invalid);
    }
}
