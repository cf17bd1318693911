using CioOrleans.Configuration;

namespace CioOrleans.Scheduling;

/// <summary>Customers of one lane and priority whose heads can leave together.</summary>
internal sealed class Company(BatchingSettings settings)
{
    /// <summary>The frame around a batch's operations: <c>{"batch":[]}</c>.</summary>
    private const int FrameBytes = 12;

    public ReadyList Ready { get; } = new();

    /// <summary>When a request may leave: at once when it is full, otherwise when the first has waited long enough for the others; null while nobody waits.</summary>
    public TimeSpan? LeavesAt =>
        Ready.Front is not { } first ? null
        : Ready.Count >= settings.MaxItems || FrameBytes + Ready.Bytes >= settings.MaxBytes ? TimeSpan.Zero
        : first.Moment + settings.Linger;

    /// <summary>Takes from the front what still fits into one request beside <paramref name="members"/>.</summary>
    public void Fill(List<CustomerEntry> members)
    {
        var bytes = FrameBytes + members.Sum(member => (long)member.Bytes);
        while (members.Count < settings.MaxItems && Ready.Front is { } next && (members.Count == 0 || bytes + next.Bytes <= settings.MaxBytes))
        {
            members.Add(Ready.RemoveFront());
            bytes += next.Bytes;
        }
    }
}
