using CioOrleans.Auditing;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Client.Operating;

/// <summary>
/// Records what operators change. A change is recorded before it is made, so that no change is unrecorded, and again with the status of its answer.
/// </summary>
public sealed partial class AuditTrail(IGrainFactory grains, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Records a change that is about to be made.</summary>
    /// <param name="caller">The name of the operator's key, or <c>loopback</c>.</param>
    /// <param name="action">Method and path, with placeholders for the selected names.</param>
    /// <param name="selection">What is selected.</param>
    /// <returns>The entry; or null and why the change must not be made.</returns>
    public async ValueTask<(AuditEntry? Entry, string? Problem)> BeginAsync(string caller, string action, string selection)
    {
        var entry = new AuditEntry(Ulid.NewUlid(time.GetUtcNow()), caller, action, selection, Status: null);
        return await RecordAsync(entry) is { } problem ? (null, problem) : (entry, null);
    }

    /// <summary>Records the status of a change. An entry stays without it where it cannot be stored.</summary>
    public async ValueTask EndAsync(AuditEntry entry, int status)
    {
        if (await RecordAsync(entry with { Status = status }) is { } problem)
        {
            LogStatusLost(logger, entry.Id, status, problem);
        }
    }

    private async ValueTask<string?> RecordAsync(AuditEntry entry)
    {
        try
        {
            return await grains.GetGrain<IAuditGrain>(0).Record(entry);
        }
        catch (Exception exception) when (GrainFailures.IsOfGrain(exception))
        {
            return "the silos do not answer.";
        }
    }
}
