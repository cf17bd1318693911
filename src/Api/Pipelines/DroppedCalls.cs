using CioOrleans.Api.Answers;

namespace CioOrleans.Api.Pipelines;

/// <summary>Counts and logs calls that are not delivered although their request is answered 200, as Customer.io answers it.</summary>
internal sealed partial class DroppedCalls(RefusalMetrics metrics, ILogger<DroppedCalls> logger)
{
    public void Report(string workspace, IReadOnlyList<InvalidCall> invalid)
    {
        if (invalid.Count > 0)
        {
            metrics.Refused(RefusalReason.Dropped, invalid.Count);
            LogInvalid(workspace, invalid.Count, invalid[0].Problem);
        }
    }
}
