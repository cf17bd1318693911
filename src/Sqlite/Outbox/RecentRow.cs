using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>A stored call that is not in the table of queues yet. Such a call has not been attempted.</summary>
internal sealed class RecentRow(long sequence, long position, Ulid callId, LimitClass limitClass, CallPriority priority)
{
    public long Sequence => sequence;

    public long Position => position;

    public Ulid CallId => callId;

    public LimitClass LimitClass => limitClass;

    public CallPriority Priority => priority;

    /// <summary>
    /// Whether the current transaction has removed the row or moved it to the table of queues. Only the writer reads this flag. For readers the row exists
    /// until the commit drops it.
    /// </summary>
    public bool IsGone { get; set; }
}
