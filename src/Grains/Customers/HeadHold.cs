using CioOrleans.Attempts;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Which attempt holds the head: from the moment at which the head was chosen until its end is known. A call that is held is not discarded. Not thread-safe.
/// </summary>
internal sealed class HeadHold(TimeProvider time)
{
    private (long Sequence, long Since, TimeSpan? Longest)? _held;
    private Permit? _newest;

    /// <summary>The sequence of the call that is held; null if none is.</summary>
    public long? Sequence =>
        _held is { } held && (held.Longest is not { } longest || time.GetElapsedTime(held.Since) < longest) ? held.Sequence : null;

    /// <summary>Whether the request of the call that is held is on its way.</summary>
    public bool IsSending { get; set; }

    /// <summary>
    /// Whether the workspace has granted this customer a later permit. A permit that a leaving silo passed on arrives late: a batch may hold the head by
    /// then, and sends it while the grain is free.
    /// </summary>
    public bool IsOvertaken(Permit permit)
    {
        if (_newest is { } newest && permit.IsOlderThan(newest))
        {
            return true;
        }

        _newest = permit;
        return false;
    }

    /// <summary>An attempt takes the head.</summary>
    /// <param name="sequence">The head's sequence.</param>
    /// <param name="longest">When the hold ends by itself, because a batch may leave a head behind without a report; null for never.</param>
    public void Take(long sequence, TimeSpan? longest) => _held = (sequence, time.GetTimestamp(), longest);

    /// <summary>The attempt has ended.</summary>
    public void Release() => _held = null;
}
