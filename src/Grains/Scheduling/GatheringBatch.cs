using CioOrleans.Configuration;

namespace CioOrleans.Grains.Scheduling;

/// <summary>Ready customers of one limit group, host and priority whose heads can leave in one batch.</summary>
internal sealed class GatheringBatch(BatchingSettings settings)
{
    /// <summary>The length of a batch's JSON without its operations: <c>{"batch":[]}</c>.</summary>
    private const int FrameBytes = 12;

    public ReadyList Ready { get; } = new();

    /// <summary>
    /// When a batch may leave: at once if it is full, otherwise when the first customer has waited for the linger time; null if no customer waits.
    /// </summary>
    public TimeSpan? LeavesAt =>
        Ready.Front is not { } first ? null
        : Ready.Count >= settings.MaxItems || FrameBytes + Ready.Bytes >= settings.MaxBytes ? TimeSpan.Zero
        : first.Moment + settings.Linger;

    /// <summary>Moves customers from the front into <paramref name="members"/> while they fit into one request.</summary>
    public void Fill(List<ScheduledCustomer> members)
    {
        var bytes = FrameBytes + members.Sum(member => (long)member.Bytes);
        while (members.Count < settings.MaxItems && Ready.Front is { } next && (members.Count == 0 || bytes + next.Bytes <= settings.MaxBytes))
        {
            members.Add(Ready.RemoveFront());
            bytes += next.Bytes;
        }
    }
}

/// <summary>A request in flight with the heads of several customers' queues.</summary>
internal sealed record Batch(LimitQueue Queue, TimeSpan GrantedAt, IReadOnlyList<ScheduledCustomer> Members);
