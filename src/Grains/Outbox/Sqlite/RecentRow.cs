using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>A stored call that the table of queues does not know yet. Such a call has not been tried.</summary>
internal sealed class RecentRow(long sequence, long position, Ulid callId, LimitClass limitClass, CallPriority priority)
{
    public long Sequence => sequence;

    public long Position => position;

    public Ulid CallId => callId;

    public LimitClass LimitClass => limitClass;

    public CallPriority Priority => priority;

    /// <summary>
    /// Removed, or moved to the table of queues, by the transaction under way. Only the writer looks at it: to everybody else
    /// the row stands until the commit, which then drops it.
    /// </summary>
    public bool IsGone { get; set; }
}
